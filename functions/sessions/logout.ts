/** Ends the session of a refresh token, of whichever generation. It answers 204 even where there is nothing to end. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { signOut } from '../../lib/session-end.ts';

const Logout = z.strictObject({ refresh_token: z.string().check(z.maxLength(512)) });

export default createFunction().post(
  '/v1/auth/logout',
  guard({ caller: anyone, limits: limit(api), body: json(Logout) }),
  async (c) => {
    await signOut(c, c.var.input.refresh_token);
    return c.body(null, 204);
  },
);
