/** Who is in the organization that this browser works in, 50 at a time. */
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { readCurrentOrganization } from '../../../lib/organizations/current-organization.ts';
import { listMembers } from '../../../lib/organizations/member-list.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { sendToChoice } from '../../../lib/pages/organization-choice.ts';
import { organizationMembersPage } from '../../../lib/pages/organization-members-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/organization/members',
  page(undefined, '/organization'),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const organization = await readCurrentOrganization(c.env, c.var.request);
    if (!organization) return sendToChoice(c);
    // Of an address that somebody has shortened the first page is shown.
    const after = identifier.safeParse(c.req.query('after')).data;
    const listed = await listMembers(c.env, c.var.request, organization.id, { limit: 50, after });
    const { userId } = c.var.request.caller;
    return respond(c, organizationMembersPage(c, { ...listed, organization, userId }));
  },
);
