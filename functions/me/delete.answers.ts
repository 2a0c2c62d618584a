/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Delete the account',
  answers: { 204: { description: 'The account, its sessions and what belonged to nobody else are gone' } },
  problems: ['session-ended', 'reauthentication-required', 'password-incorrect', 'organization-has-members'],
} satisfies Answers;
