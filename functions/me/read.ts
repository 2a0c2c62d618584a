/** The signed-in person and the organization that the session works in. */
import { toOrganization, toUser } from '../../lib/accounts/account.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { readSignedInAccount } from '../../lib/accounts/signed-in-account.ts';

export default createFunction('database').get(
  '/v1/me',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const account = await readSignedInAccount(c.env, c.var.request);
    const { organization } = account;
    return c.json({ user: toUser(account), organization: organization && toOrganization(organization) });
  },
);
