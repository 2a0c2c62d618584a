/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Revoke an API key',
  answers: { 204: { description: 'It opens nothing any more' } },
  problems: ['session-ended', 'not-found', 'permission-denied'],
} satisfies Answers;
