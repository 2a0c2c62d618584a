/** What became of the emails that were due. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

export default {
  summary: 'Send the emails that are due',
  answers: {
    200: {
      description: 'What became of them',
      body: z.strictObject({
        sent: count,
        failed: count.check(z.describe('Tried again later')),
        dead: count.check(z.describe('Given up')),
      }),
    },
  },
} satisfies Answers;
