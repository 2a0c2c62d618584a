/** The page to hand an organization over on, for its owners: `?organization=ID`, or the one that this browser works in. */
import { recentSignIn } from '../../../lib/http/authorize.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { listMembers } from '../../../lib/organizations/member-list.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import {
  organizationTransferPage,
  signInToTransferPage,
} from '../../../lib/pages/organization-transfer-page.ts';
import { readOwnedOrganization } from '../../../lib/pages/owned-organization.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/organization/transfer',
  page((c, refusal) => signInToTransferPage(c, refusal, c.req.query('organization')), '/organization'),
  guard({ caller: browserUser, freshness: recentSignIn, limits: limit(api) }),
  async (c) => {
    const organization = await readOwnedOrganization(c, c.var.request);
    const after = identifier.safeParse(c.req.query('after')).data;
    const listed = await listMembers(c.env, c.var.request, organization.id, { limit: 100, after });
    const { userId } = c.var.request.caller;
    return respond(c, organizationTransferPage(c, { ...listed, organization, userId }));
  },
);
