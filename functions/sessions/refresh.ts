/**
 * The next token pair for a refresh token, which is used up by it (RFC 6749, section 6). With `organization_id` the access
 * token is of that organization and the session stays in its own, so that two tabs can work in two.
 */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { identifier } from '../../lib/http/identifier.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { refreshSession } from '../../lib/sessions/refresh.ts';
import { createTokenPair } from '../../lib/sessions/session.ts';

const Refresh = z.strictObject({
  refresh_token: z.string().check(z.maxLength(512)),
  organization_id: z.optional(identifier),
});

export default createFunction('database', 'keys', 'outbox').post(
  '/v1/auth/refresh',
  guard({ caller: anyone, limits: limit(api), body: json(Refresh) }),
  async (c) => {
    const { refresh_token, organization_id } = c.var.input;
    const session = await refreshSession(c.env, c.var.request, refresh_token, organization_id);
    return c.json(await createTokenPair(c.env, session));
  },
);
