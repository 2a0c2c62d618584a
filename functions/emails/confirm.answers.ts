/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Confirm the new email address',
  answers: { 204: { description: 'The address is changed; the other sessions have ended' } },
  problems: [
    'verification-invalid',
    'verification-used',
    'verification-expired',
    'account-disabled',
    'email-taken',
  ],
} satisfies Answers;
