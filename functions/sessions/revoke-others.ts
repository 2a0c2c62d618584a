/** Revokes every session of the person but this one. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { revokeOtherSessions } from '../../lib/sessions/session-revocation.ts';

export default createFunction('database').delete(
  '/v1/sessions',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    await revokeOtherSessions(c.env, c.var.request);
    return c.body(null, 204);
  },
);
