/** Revokes one of the person's own sessions, this one too. A session of somebody else is not found. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { revokeSession } from '../../lib/sessions/session-revocation.ts';

export default createFunction('database').delete(
  '/v1/sessions/:id',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    await revokeSession(c.env, c.var.request, c.req.param('id').toLowerCase());
    return c.body(null, 204);
  },
);
