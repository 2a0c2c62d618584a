/**
 * Removes a member from an organization, for its owners and admins; with one’s own id, leaves it. Only owners remove owners, and
 * the last one stays.
 */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { removeMember } from '../../lib/organizations/member-removal.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').delete(
  '/v1/organizations/:id/members/:user_id',
  guard({ caller: user, membership: 'members:write', limits: limit(api) }),
  async (c) => {
    const { id, user_id: userId } = c.req.param();
    await removeMember(c.env, c.var.request, id, userId);
    return c.body(null, 204);
  },
);
