/** One API key, without its text. */
import { readKey } from '../../lib/api-keys/api-key-list.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/organizations/:id/api-keys/:key_id',
  guard({ caller: user, membership: 'keys:write', limits: limit(api) }),
  async (c) => {
    const { id, key_id: keyId } = c.req.param();
    return c.json({ api_key: await readKey(c.env, c.var.request, id, keyId) });
  },
);
