/** How the service is doing, with what was measured. */
import type { Answers } from '../../contract/answers.ts';
import { Health, healthAnswers } from '../../contract/shapes/health.ts';

export default {
  summary: 'See how the service is doing',
  answers: healthAnswers(Health),
  query: {
    fail_on: {
      description: '`warn` answers 503 when something is away without which requests are still served',
      schema: { type: 'string', enum: ['warn'] },
    },
  },
} satisfies Answers;
