/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Sign this browser out',
  answers: {
    204: { description: 'The session has ended', headers: { 'Set-Cookie': 'Takes the cookies away' } },
  },
} satisfies Answers;
