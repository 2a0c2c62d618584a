/** An access token, and no refresh token: that stays in the cookie. */
import * as z from 'zod/mini';
import type { Answers } from '../../contract/answers.ts';
import { tokenPairFields } from '../../contract/shapes/token-pair.ts';

const { access_token, token_type, expires_in } = tokenPairFields;

export default {
  summary: 'Get an access token for the cookies of this browser',
  answers: {
    200: {
      description: 'Who is signed in to this browser',
      body: z.strictObject({ access_token, token_type, expires_in }),
      headers: { 'Set-Cookie': 'The session, rotated' },
    },
  },
  problems: ['authentication-required', 'refresh-token-invalid', 'refresh-token-reused'],
} satisfies Answers;
