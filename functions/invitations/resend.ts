/** Mails an invitation anew, for another 7 days and in the caller's name. Only the link of the newest email works. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { resendInvitation } from '../../lib/organizations/invitation-sending.ts';
import { toInvitation } from '../../lib/organizations/invitation.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database', 'outbox').post(
  '/v1/organizations/:id/invitations/:invitation_id/resend',
  guard({ caller: user, membership: 'invitations:write', limits: limit(api) }),
  async (c) => {
    const { id, invitation_id } = c.req.param();
    const invitation = await resendInvitation(c.env, c.var.request, id, invitation_id);
    return c.json({ invitation: toInvitation(invitation) }, 202);
  },
);
