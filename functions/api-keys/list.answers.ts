/** The keys that are not revoked. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { ApiKey } from '../../contract/shapes/api-key.ts';

export default {
  summary: 'List the API keys',
  answers: {
    200: {
      description: 'At most a hundred, the newest first',
      body: z.strictObject({ api_keys: z.array(ApiKey) }),
    },
  },
  problems: ['session-ended', 'not-found'],
} satisfies Answers;
