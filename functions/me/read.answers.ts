/** The person and an organization. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';
import { User } from '../../contract/shapes/user.ts';

export default {
  summary: 'Read the account',
  answers: {
    200: {
      description: 'The person, and the organization that the session works in',
      body: z.strictObject({
        user: User,
        organization: z.nullable(Organization).check(z.describe('Null for who has left it')),
      }),
    },
  },
  problems: ['session-ended'],
} satisfies Answers;
