/** The invitations of the caller's own address, once it is verified: by them somebody may join who has not got the email at hand. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { listOwnInvitations, toOwnInvitation } from '../../lib/organizations/own-invitations.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/invitations',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const invitations = await listOwnInvitations(c.env, c.var.request);
    return c.json({ invitations: invitations.map(toOwnInvitation) });
  },
);
