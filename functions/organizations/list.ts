/** The organizations that a person is in, the one of the longest membership first; `current` is the one that the session works in. */
import { toOrganization } from '../../lib/accounts/account.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { listOrganizations } from '../../lib/organizations/organization-list.ts';

export default createFunction('database').get(
  '/v1/organizations',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const organizations = await listOrganizations(c.env, c.var.request);
    return c.json({
      organizations: organizations.map((organization) => ({
        ...toOrganization(organization),
        current: organization.current,
      })),
    });
  },
);
