/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Revoke the join link',
  answers: { 204: { description: 'Nobody can join by it any more' } },
  problems: ['session-ended', 'not-found', 'permission-denied'],
} satisfies Answers;
