/** The metadata of an API that takes access tokens. */
import * as z from 'zod/mini';
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'See what takes these tokens',
  answers: {
    200: {
      description: 'This API, and whose tokens it takes',
      body: z.strictObject({
        resource: z.string(),
        authorization_servers: z.array(z.string()).check(z.minLength(1)),
        bearer_methods_supported: z.array(z.literal('header')),
        resource_name: z.string(),
      }),
    },
  },
} satisfies Answers;
