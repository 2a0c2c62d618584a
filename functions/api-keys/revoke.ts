/** Ends an API key, for good. It is refused from the next request on, wherever Redis is shared, and within 30 seconds elsewhere. */
import { revokeKey } from '../../lib/api-keys/api-key-revocation.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').delete(
  '/v1/organizations/:id/api-keys/:key_id',
  guard({ caller: user, membership: 'keys:write', limits: limit(api) }),
  async (c) => {
    const { id, key_id: keyId } = c.req.param();
    await revokeKey(c.env, c.var.request, id, keyId);
    return c.body(null, 204);
  },
);
