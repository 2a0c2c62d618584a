/** Only that an email may come. */
import type { Answers } from '../../contract/answers.ts';
import { EmailPending } from '../../contract/shapes/pending.ts';

export default {
  summary: 'Ask for another email address',
  answers: {
    202: {
      description: 'Told to everybody; an email is sent where there is something to send',
      body: EmailPending,
    },
  },
  problems: ['session-ended', 'reauthentication-required', 'password-incorrect'],
} satisfies Answers;
