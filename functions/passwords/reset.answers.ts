/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Reset the password',
  answers: { 204: { description: 'The password is set; every session has ended' } },
  problems: ['verification-invalid', 'verification-used', 'verification-expired', 'account-disabled'],
} satisfies Answers;
