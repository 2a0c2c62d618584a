/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Change the password',
  answers: { 204: { description: 'The password is changed; the other sessions have ended' } },
  problems: ['session-ended', 'reauthentication-required', 'password-incorrect'],
} satisfies Answers;
