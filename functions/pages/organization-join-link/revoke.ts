/** Turns the join link of an organization off. Who has joined by it stays. */
import * as z from 'zod/mini';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { revokeJoinLink } from '../../../lib/organizations/join-link.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { organizationButton } from '../../../lib/pages/organization-button.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Revocation = z.object({ organization_id: identifier });

export default createFunction('database').post(
  '/organization/join-link/revoke',
  organizationButton('/organization/invitations'),
  guard({ caller: browserUser, limits: limit(api), body: form(Revocation) }),
  async (c) => {
    await revokeJoinLink(c.env, c.var.request, c.var.input.organization_id);
    return c.redirect('/organization/invitations?notice=link-off', 303);
  },
);
