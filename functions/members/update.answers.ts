/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Change a role',
  answers: { 204: { description: 'The member has the role' } },
  problems: ['session-ended', 'permission-denied', 'not-found', 'last-owner', 'too-many-organizations'],
} satisfies Answers;
