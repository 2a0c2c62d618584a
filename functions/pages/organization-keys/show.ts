/** The API keys of an organization, and a form for another one: `?organization=ID`, or the one that this browser works in. */
import { listKeys } from '../../../lib/api-keys/api-key-list.ts';
import { isFresh, recentSignIn } from '../../../lib/http/authorize.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { readNamedOrganization } from '../../../lib/pages/named-organization.ts';
import { sendToChoice } from '../../../lib/pages/organization-choice.ts';
import { organizationKeysPage } from '../../../lib/pages/organization-keys-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/organization/keys',
  page(undefined, '/organization'),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const { caller } = c.var.request;
    const organization = await readNamedOrganization(c, c.var.request);
    if (!organization) return sendToChoice(c);
    const keys = await listKeys(c.env, c.var.request, organization.id);
    const view = { organization, keys, userId: caller.userId, isFresh: isFresh(caller, recentSignIn) };
    return respond(c, organizationKeysPage(c, { ...view, now: new Date() }));
  },
);
