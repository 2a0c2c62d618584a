/** Whether it serves requests. */
import type { Answers } from '../../contract/answers.ts';
import { healthAnswers, Readiness } from '../../contract/shapes/health.ts';

export default {
  summary: 'See whether requests are served',
  answers: healthAnswers(Readiness),
} satisfies Answers;
