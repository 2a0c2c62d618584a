/** An access token of the organization. */
import type { Answers } from '../../contract/answers.ts';
import { OrganizationToken } from '../../contract/shapes/organization-token.ts';

export default {
  summary: 'Accept one of my invitations',
  answers: {
    200: {
      description: 'An access token of the organization; the refresh token stays what it is',
      body: OrganizationToken,
    },
  },
  problems: [
    'session-ended',
    'email-unverified',
    'not-found',
    'invitation-used',
    'invitation-expired',
    'already-member',
    'too-many-organizations',
  ],
} satisfies Answers;
