/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Sign out all other devices',
  answers: { 204: { description: 'They are signed out, if there were any' } },
  problems: ['session-ended'],
} satisfies Answers;
