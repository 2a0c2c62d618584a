/** A sign-in. */
import type { Answers } from '../../contract/answers.ts';
import { SignIn } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Sign in by password',
  answers: { 200: { description: 'A new session', body: SignIn } },
  problems: ['invalid-credentials', 'account-disabled', 'email-unverified'],
} satisfies Answers;
