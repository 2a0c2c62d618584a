/** Accepts an invitation of the caller's own verified address. The session works in the organization from now on. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { acceptOwnInvitation } from '../../lib/organizations/invitation-acceptance.ts';
import { createSwitchAnswer } from '../../lib/organizations/organization-switch.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database', 'keys').post(
  '/v1/invitations/:id/accept',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const session = await acceptOwnInvitation(c.env, c.var.request, c.req.param('id'));
    return c.json(await createSwitchAnswer(c.env, session));
  },
);
