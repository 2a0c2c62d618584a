/** The page to delete an organization on, for its owners: `?organization=ID`, or the one that this browser works in. */
import { recentSignIn } from '../../../lib/http/authorize.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { organizationDeletePage, refusedDeletionPage } from '../../../lib/pages/organization-delete-page.ts';
import { readOwnedOrganization } from '../../../lib/pages/owned-organization.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/organization/delete',
  page((c, refusal) => refusedDeletionPage(c, refusal, c.req.query('organization')), '/organization'),
  guard({ caller: browserUser, freshness: recentSignIn, limits: limit(api) }),
  async (c) => respond(c, organizationDeletePage(c, await readOwnedOrganization(c, c.var.request))),
);
