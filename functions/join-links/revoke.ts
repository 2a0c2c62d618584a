/** Takes the join link of an organization back. Who has joined by it stays. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { revokeJoinLink } from '../../lib/organizations/join-link.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').delete(
  '/v1/organizations/:id/join-link',
  guard({ caller: user, membership: 'invitations:write', limits: limit(api) }),
  async (c) => {
    await revokeJoinLink(c.env, c.var.request, c.req.param('id'));
    return c.body(null, 204);
  },
);
