/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Decline an invitation',
  answers: { 204: { description: 'Nobody can accept it any more' } },
  problems: ['invitation-invalid', 'invitation-used', 'invitation-expired'],
} satisfies Answers;
