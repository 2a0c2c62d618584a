/** The sessions of a person. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Session } from '../../contract/shapes/session.ts';

export default {
  summary: 'List the devices',
  answers: {
    200: { description: 'All live sessions', body: z.strictObject({ sessions: z.array(Session) }) },
  },
  problems: ['session-ended'],
} satisfies Answers;
