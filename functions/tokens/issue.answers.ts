/** A sign-in, or a token of a program. */
import * as z from 'zod/mini';
import type { Answers } from '../../contract/answers.ts';
import { accessTokenFields, SignIn } from '../../contract/shapes/token-pair.ts';

const ClientToken = z
  .strictObject({
    ...accessTokenFields,
    scope: z.string().check(z.describe('What it may, split by spaces')),
  })
  .register(z.globalRegistry, { id: 'ClientToken' });

export default {
  summary: 'Exchange a grant for tokens',
  answers: {
    200: { description: 'A new session, or the token of a program', body: z.union([SignIn, ClientToken]) },
  },
  problems: ['grant-invalid', 'grant-type-unsupported', 'scope-invalid', 'client-invalid'],
} satisfies Answers;
