/** The next token pair. */
import type { Answers } from '../../contract/answers.ts';
import { TokenPair } from '../../contract/shapes/token-pair.ts';

export default {
  summary: 'Refresh the tokens',
  answers: { 200: { description: 'The next token pair of the session', body: TokenPair } },
  problems: ['refresh-token-invalid', 'refresh-token-reused', 'not-found'],
} satisfies Answers;
