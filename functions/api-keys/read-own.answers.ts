/** The key that asks. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { ApiKey } from '../../contract/shapes/api-key.ts';
import { permissionNames } from '../../lib/core/permissions.ts';

export default {
  summary: 'Read the API key that asks',
  answers: {
    200: {
      description: 'The key, and what it may now',
      body: z.strictObject({ api_key: ApiKey, effective_scopes: z.array(z.enum(permissionNames)) }),
    },
  },
  problems: [],
} satisfies Answers;
