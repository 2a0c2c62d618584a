/** One organization, as a member of it sees it. To anybody else it is not found. */
import { toOrganization } from '../../lib/accounts/account.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { readOrganization } from '../../lib/organizations/organization-reading.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/organizations/:id',
  guard({ caller: user, membership: 'members:read', limits: limit(api) }),
  async (c) => {
    const organization = await readOrganization(c.env, c.var.request, c.req.param('id'));
    return c.json({ organization: toOrganization(organization) });
  },
);
