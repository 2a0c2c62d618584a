/**
 * Invites somebody into an organization by email. The answer is the same whether or not the address has an account, and whether or
 * not its mailbox is due another email. Inviting an address again renews its invitation.
 */
import * as z from 'zod/mini';
import { roles } from '../../db/roles.ts';
import { user } from '../../lib/http/caller.ts';
import { email } from '../../lib/http/email-field.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { invite } from '../../lib/organizations/invitation-sending.ts';
import { toInvitation } from '../../lib/organizations/invitation.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const NewInvitation = z.strictObject({ email, role: z.enum(roles) });

export default createFunction('database', 'outbox').post(
  '/v1/organizations/:id/invitations',
  guard({ caller: user, membership: 'invitations:write', limits: limit(api), body: json(NewInvitation) }),
  async (c) => {
    const invitation = await invite(c.env, c.var.request, c.req.param('id'), c.var.input);
    return c.json({ invitation: toInvitation(invitation) }, 201);
  },
);
