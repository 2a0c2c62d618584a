/** A page for people. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';

export default {
  summary: 'Read what a problem means',
  answers: {
    200: { description: 'A page for people', body: z.string(), mediaType: 'text/html' },
  },
  problems: ['not-found'],
} satisfies Answers;
