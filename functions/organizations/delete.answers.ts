/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Delete an organization',
  answers: { 204: { description: 'Nobody finds it any more' } },
  problems: ['session-ended', 'permission-denied', 'not-found'],
} satisfies Answers;
