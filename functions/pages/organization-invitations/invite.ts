/** Invites somebody into an organization by email; the answer is the same whether or not the address has an account. */
import * as z from 'zod/mini';
import { roles } from '../../../db/roles.ts';
import { email } from '../../../lib/http/email-field.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { invite } from '../../../lib/organizations/invitation-sending.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { refusedInvitingPage } from '../../../lib/pages/organization-invitations-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const NewInvitation = z.object({ organization_id: identifier, email, role: z.enum(roles) });

export default createFunction('database', 'outbox').post(
  '/organization/invitations',
  page(refusedInvitingPage),
  guard({ caller: browserUser, limits: limit(api), body: form(NewInvitation) }),
  async (c) => {
    const { organization_id, email, role } = c.var.input;
    await invite(c.env, c.var.request, organization_id, { email, role });
    return c.redirect('/organization/invitations?notice=invited', 303);
  },
);
