/** Where everything else is. */
import * as z from 'zod/mini';
import type { Answers } from '../../contract/answers.ts';

export default {
  summary: 'See what this is',
  answers: {
    200: {
      description: 'Its name, and where to read on: JSON, or a page for who asks for `text/html`',
      body: z.strictObject({
        name: z.string(),
        version: z.string(),
        links: z.strictObject({
          docs: z.url(),
          openapi: z.url(),
          health: z.url(),
          issuer_metadata: z.url(),
          jwks: z.url(),
        }),
      }),
      alternatives: { 'text/html': z.string() },
      headers: { Vary: 'It depends on `Accept`' },
    },
    302: {
      description: 'The operator has another site for people (`HOME_PAGE`)',
      headers: { Location: 'That site' },
    },
  },
  problems: ['not-found'],
} satisfies Answers;
