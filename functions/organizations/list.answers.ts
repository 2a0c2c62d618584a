/** The organizations of a person. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { organizationFields } from '../../contract/shapes/organization.ts';

export default {
  summary: 'List the organizations',
  answers: {
    200: {
      description: 'All that the person is in',
      body: z.strictObject({
        organizations: z.array(
          z.strictObject({
            ...organizationFields,
            current: z.boolean().check(z.describe('Whether the session works in it')),
          }),
        ),
      }),
    },
  },
  problems: ['session-ended'],
} satisfies Answers;
