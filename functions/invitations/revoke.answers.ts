/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Revoke an invitation',
  answers: { 204: { description: 'Its link is worth nothing any more' } },
  problems: ['session-ended', 'not-found', 'permission-denied'],
} satisfies Answers;
