/** The link, this once. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { time } from '../../contract/shapes/scalars.ts';

export default {
  summary: 'Make a join link',
  answers: {
    201: {
      description: 'The link; it is told this once',
      body: z.strictObject({
        url: z.url().check(z.describe('A page of ours for people')),
        token: z.string().check(z.describe('What the link ends in, for a page of your own')),
        expires_at: time,
      }),
    },
  },
  problems: ['session-ended', 'not-found', 'permission-denied', 'email-unverified'],
} satisfies Answers;
