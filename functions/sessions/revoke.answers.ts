/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Sign out a device',
  answers: { 204: { description: 'Its session has ended' } },
  problems: ['session-ended', 'not-found'],
} satisfies Answers;
