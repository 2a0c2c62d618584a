/** The organization as changed. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';

export default {
  summary: 'Rename an organization',
  answers: {
    200: { description: 'The organization as changed', body: z.strictObject({ organization: Organization }) },
  },
  problems: ['session-ended', 'permission-denied', 'not-found', 'slug-taken'],
} satisfies Answers;
