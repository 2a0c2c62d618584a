/** A sign-in. */
import type { Answers } from '../../contract/answers.ts';
import { SignIn } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Verify an email address',
  answers: { 200: { description: 'The address is verified, and a session started', body: SignIn } },
  problems: [
    'verification-invalid',
    'verification-used',
    'verification-expired',
    'account-disabled',
    'password-incorrect',
  ],
} satisfies Answers;
