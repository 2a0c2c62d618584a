/** An access token of the organization. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';
import { accessTokenFields } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Join by a link',
  answers: {
    200: {
      description: 'An access token of the organization; the refresh token stays what it is',
      body: z.strictObject({ ...accessTokenFields, organization: Organization }),
    },
  },
  problems: [
    'session-ended',
    'email-unverified',
    'invitation-invalid',
    'email-domain-refused',
    'invitation-used',
    'invitation-expired',
    'already-member',
  ],
} satisfies Answers;
