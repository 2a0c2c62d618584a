/** An access token of the other organization. */
import type { Answers } from '../../contract/answers.ts';
import { OrganizationToken } from '../../contract/shapes/organization-token.ts';

export default {
  summary: 'Switch to another organization',
  answers: {
    200: {
      description: 'An access token of it; the refresh token stays what it is',
      body: OrganizationToken,
    },
  },
  problems: ['session-ended', 'not-found'],
} satisfies Answers;
