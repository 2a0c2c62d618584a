/** Ends the session of a refresh token, of whichever generation. It answers 204 even where there is nothing to end. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { signOut } from '../../lib/sessions/session-revocation.ts';

const Logout = z.strictObject({ refresh_token: z.string().check(z.maxLength(512)) });

export default createFunction('database').post(
  '/v1/auth/logout',
  guard({ caller: anyone, limits: limit(api), body: json(Logout) }),
  async (c) => {
    await signOut(c.env, c.var.request, c.var.input.refresh_token);
    return c.body(null, 204);
  },
);
