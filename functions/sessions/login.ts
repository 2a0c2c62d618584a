/** Signs a person in by password. Whether the address has an account is not told. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/caller.ts';
import { email, password } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { signInByPassword } from '../../lib/password-sign-in.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { account, auth } from '../../lib/rate-limit/policies.ts';
import { createTokenPair } from '../../lib/session.ts';

const Credentials = z.strictObject({ email, password });

export default createFunction().post(
  '/v1/auth/login',
  guard({ caller: anyone, limits: limit(auth, account), body: json(Credentials) }),
  async (c) => c.json(await createTokenPair(c.env, await signInByPassword(c, c.var.input))),
);
