/** The open invitations of an organization, the newest first; those that have expired are among them until they are swept. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { listInvitations } from '../../lib/organizations/invitation-list.ts';
import { toInvitation } from '../../lib/organizations/invitation.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/organizations/:id/invitations',
  guard({ caller: user, membership: 'invitations:write', limits: limit(api) }),
  async (c) => {
    const invitations = await listInvitations(c.env, c.var.request, c.req.param('id'));
    return c.json({ invitations: invitations.map(toInvitation) });
  },
);
