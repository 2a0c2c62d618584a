/** The API keys of an organization, without their texts: all of them for who has `keys:write`, for others their own. */
import { listKeys } from '../../lib/api-keys/api-key-list.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/organizations/:id/api-keys',
  guard({ caller: user, membership: 'members:read', limits: limit(api) }),
  async (c) => {
    const keys = await listKeys(c.env, c.var.request, c.req.param('id'));
    return c.json({ api_keys: keys.map(({ apiKey }) => apiKey) });
  },
);
