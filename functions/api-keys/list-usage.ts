/**
 * How often the API keys of an organization were used on each of the last 30 days (UTC), for people to look at: the last minute is
 * missing, and what a process had not written when it was killed.
 */
import { listUsage } from '../../lib/api-keys/usage-list.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/organizations/:id/api-key-usage',
  guard({ caller: user, membership: 'members:read', limits: limit(api) }),
  async (c) => c.json({ usage: await listUsage(c.env, c.var.request, c.req.param('id')) }),
);
