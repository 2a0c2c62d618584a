/** Days of use. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { id } from '../../contract/shapes/scalars.ts';

export default {
  summary: 'List how often the API keys were used',
  answers: {
    200: {
      description: 'The last 30 days, oldest first',
      body: z.strictObject({
        usage: z.array(
          z.strictObject({ day: z.iso.date(), key_id: id, requests: z.int(), refused: z.int() }),
        ),
      }),
    },
  },
  problems: ['session-ended', 'not-found'],
} satisfies Answers;
