/** The organizations of a person, and the invitations to their address. */
import { isProblem } from '../../../lib/core/problem.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { listOrganizations } from '../../../lib/organizations/organization-list.ts';
import { listOwnInvitations } from '../../../lib/organizations/own-invitations.ts';
import { accountOrganizationsPage } from '../../../lib/pages/account-organizations-page.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/account/organizations',
  page(),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const [organizations, invitations] = await Promise.all([
      listOrganizations(c.env, c.var.request),
      listOwnInvitations(c.env, c.var.request).catch(forUnverified),
    ]);
    return respond(c, accountOrganizationsPage(c, { organizations, invitations }));
  },
);

/** They are told to prove the address in place of the invitations to it. */
function forUnverified(error: unknown): undefined {
  if (isProblem(error) && error.slug === 'email-unverified') return undefined;
  throw error;
}
