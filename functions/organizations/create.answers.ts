/** The new organization. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';

export default {
  summary: 'Make an organization',
  answers: {
    201: {
      description: 'The organization, and the caller is its owner',
      body: z.strictObject({ organization: Organization }),
    },
  },
  problems: ['session-ended', 'too-many-organizations', 'slug-taken'],
} satisfies Answers;
