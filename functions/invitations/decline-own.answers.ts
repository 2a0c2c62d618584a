/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Decline one of my invitations',
  answers: { 204: { description: 'Nobody can accept it any more' } },
  problems: ['session-ended', 'email-unverified', 'not-found', 'invitation-used', 'invitation-expired'],
} satisfies Answers;
