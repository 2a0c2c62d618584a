/** The next token pair for a refresh token, which is used up by it (RFC 6749, section 6). */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { refreshSession } from '../../lib/sessions/refresh.ts';
import { createTokenPair } from '../../lib/sessions/session.ts';

const Refresh = z.strictObject({ refresh_token: z.string().check(z.maxLength(512)) });

export default createFunction('database', 'keys', 'outbox').post(
  '/v1/auth/refresh',
  guard({ caller: anyone, limits: limit(api), body: json(Refresh) }),
  async (c) =>
    c.json(
      await createTokenPair(c.env, await refreshSession(c.env, c.var.request, c.var.input.refresh_token)),
    ),
);
