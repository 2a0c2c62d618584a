/** Signs a person in by password. Whether the address has an account is not told. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { email, password } from '../../lib/http/fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { signInByPassword } from '../../lib/accounts/password-sign-in.ts';
import { limit } from '../../lib/http/limit.ts';
import { account, auth } from '../../lib/rate-limit/policies.ts';
import { createTokenPair } from '../../lib/sessions/session.ts';

const Credentials = z.strictObject({ email, password });

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/v1/auth/login',
  guard({ caller: anyone, limits: limit(auth, account), body: json(Credentials) }),
  async (c) =>
    c.json(await createTokenPair(c.env, await signInByPassword(c.env, c.var.request, c.var.input))),
);
