/** Declines an invitation of the caller's own verified address, without its email. The address can be invited again. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { declineOwnInvitation } from '../../lib/organizations/invitation-decline.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').post(
  '/v1/invitations/:id/decline',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    await declineOwnInvitation(c.env, c.var.request, c.req.param('id'));
    return c.body(null, 204);
  },
);
