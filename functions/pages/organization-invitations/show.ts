/** The open invitations and the join link of the organization that this browser works in. */
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { readCurrentOrganization } from '../../../lib/organizations/current-organization.ts';
import { listInvitations } from '../../../lib/organizations/invitation-list.ts';
import { readJoinLink } from '../../../lib/organizations/join-link-reading.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { sendToChoice } from '../../../lib/pages/organization-choice.ts';
import { organizationInvitationsPage } from '../../../lib/pages/organization-invitations-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/organization/invitations',
  page(undefined, '/organization'),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const organization = await readCurrentOrganization(c.env, c.var.request);
    if (!organization) return sendToChoice(c);
    const [invitations, link] = await Promise.all([
      listInvitations(c.env, c.var.request, organization.id),
      readJoinLink(c.env, c.var.request, organization.id),
    ]);
    const view = { organization, invitations, link, now: new Date() };
    return respond(c, organizationInvitationsPage(c, view));
  },
);
