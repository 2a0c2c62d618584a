/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Remove a member, or leave',
  answers: { 204: { description: 'They are a member no more' } },
  problems: ['session-ended', 'permission-denied', 'not-found', 'last-owner'],
} satisfies Answers;
