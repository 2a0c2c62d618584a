/** An access token of the organization. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';
import { accessTokenFields } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Accept one of my invitations',
  answers: {
    200: {
      description: 'An access token of the organization; the refresh token stays what it is',
      body: z.strictObject({ ...accessTokenFields, organization: Organization }),
    },
  },
  problems: [
    'session-ended',
    'email-unverified',
    'not-found',
    'invitation-used',
    'invitation-expired',
    'already-member',
  ],
} satisfies Answers;
