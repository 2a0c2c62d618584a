/** One organization. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';

export default {
  summary: 'Read an organization',
  answers: { 200: { description: 'The organization', body: z.strictObject({ organization: Organization }) } },
  problems: ['session-ended', 'not-found'],
} satisfies Answers;
