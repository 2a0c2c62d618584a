/** The page to change one's name and the language of emails on. */
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountNamePage } from '../../../lib/pages/account-name-page.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';
import { readSignedInAccount } from '../../../lib/accounts/signed-in-account.ts';

export default createFunction('database').get(
  '/account/name',
  page(),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => respond(c, accountNamePage(c, await readSignedInAccount(c.env, c.var.request))),
);
