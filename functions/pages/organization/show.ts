/** The page of the organization that this browser works in. */
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { readCurrentOrganization } from '../../../lib/organizations/current-organization.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { sendToChoice } from '../../../lib/pages/organization-choice.ts';
import { organizationPage } from '../../../lib/pages/organization-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/organization',
  page(),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const organization = await readCurrentOrganization(c.env, c.var.request);
    if (!organization) return sendToChoice(c);
    return respond(c, organizationPage(c, organization));
  },
);
