/** A sign-in, and the organization that it is in. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';
import { signInFields } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Accept an invitation',
  answers: {
    200: {
      description: 'A session in the organization',
      body: z.strictObject({ ...signInFields, organization: Organization }),
    },
  },
  problems: [
    'invitation-invalid',
    'invitation-used',
    'invitation-expired',
    'invitation-for-another-address',
    'already-member',
    'too-many-organizations',
  ],
} satisfies Answers;
