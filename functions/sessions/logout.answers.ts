/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Sign out',
  answers: { 204: { description: 'Whatever the token was, it opens nothing any more' } },
} satisfies Answers;
