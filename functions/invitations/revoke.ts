/** Takes an invitation back: the link that was mailed is worth nothing any more. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { revokeInvitation } from '../../lib/organizations/invitation-revocation.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').delete(
  '/v1/organizations/:id/invitations/:invitation_id',
  guard({ caller: user, membership: 'invitations:write', limits: limit(api) }),
  async (c) => {
    await revokeInvitation(c.env, c.var.request, c.req.param('id'), c.req.param('invitation_id'));
    return c.body(null, 204);
  },
);
