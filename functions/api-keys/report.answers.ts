/** The same for whatever was sent. */
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'Revoke keys that were found',
  answers: { 202: { description: 'Those that were keys are revoked' } },
  problems: [],
} satisfies Answers;
