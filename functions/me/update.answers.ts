/** The person as changed. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { User } from '../../contract/shapes/user.ts';

export default {
  summary: 'Change the name and the language',
  answers: { 200: { description: 'The person as changed', body: z.strictObject({ user: User }) } },
  problems: ['session-ended'],
} satisfies Answers;
