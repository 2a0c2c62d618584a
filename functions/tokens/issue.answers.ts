/** A sign-in. */
import type { Answers } from '../../contract/answers.ts';
import { SignIn } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Exchange a code for tokens',
  answers: { 200: { description: 'A new session', body: SignIn } },
  problems: ['grant-invalid', 'grant-type-unsupported'],
} satisfies Answers;
