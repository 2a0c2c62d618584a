/** How often the API keys of an organization were used by day: `?organization=ID`, or the one that this browser works in. */
import { listUsage } from '../../../lib/api-keys/usage-list.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { readNamedOrganization } from '../../../lib/pages/named-organization.ts';
import { sendToChoice } from '../../../lib/pages/organization-choice.ts';
import { organizationUsagePage } from '../../../lib/pages/organization-usage-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/organization/usage',
  page(undefined, '/organization'),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const organization = await readNamedOrganization(c, c.var.request);
    if (!organization) return sendToChoice(c);
    const usage = await listUsage(c.env, c.var.request, organization.id);
    return respond(c, organizationUsagePage(c, { organization, usage, now: new Date() }));
  },
);
