/** That it answers. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { healthType } from '../../contract/shapes/health.ts';

export default {
  summary: 'See whether the process answers',
  answers: {
    200: {
      description: 'It does',
      body: z.strictObject({ status: z.literal('pass') }),
      mediaType: healthType,
    },
  },
} satisfies Answers;
