/** A sign-in, and where the link was to lead on. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { signInFields } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Sign in by a mailed link or code',
  answers: {
    200: {
      description: 'A new session, in a new account where there was none',
      body: z.strictObject({
        ...signInFields,
        redirect_to: z.optional(z.string()).check(z.describe('As it was asked for with the email')),
      }),
    },
  },
  problems: [
    'verification-invalid',
    'verification-used',
    'verification-expired',
    'account-disabled',
    'sign-up-closed',
  ],
} satisfies Answers;
