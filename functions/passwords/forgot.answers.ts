/** Only that an email may come. */
import type { Answers } from '../../contract/answers.ts';
import { EmailPending } from '../../contract/shapes/pending.ts';

export default {
  summary: 'Ask for a password reset',
  answers: {
    202: {
      description: 'Told to everybody; an email is sent where there is something to send',
      body: EmailPending,
    },
  },
} satisfies Answers;
