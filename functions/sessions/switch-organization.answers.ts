/** An access token of the other organization. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';
import { accessTokenFields } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Switch to another organization',
  answers: {
    200: {
      description: 'An access token of it; the refresh token stays what it is',
      body: z.strictObject({ ...accessTokenFields, organization: Organization }),
    },
  },
  problems: ['session-ended', 'not-found'],
} satisfies Answers;
