/** The key as it is now. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { ApiKey } from '../../contract/shapes/api-key.ts';

export default {
  summary: 'Change an API key',
  answers: { 200: { description: 'The key', body: z.strictObject({ api_key: ApiKey }) } },
  problems: ['session-ended', 'not-found', 'permission-denied'],
} satisfies Answers;
