/** The page to ask for another address on. */
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountEmailPage } from '../../../lib/pages/account-email-page.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';
import { readConfirmation } from '../../../lib/accounts/reauthenticate.ts';

export default createFunction('database').get(
  '/account/email',
  page(),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => respond(c, accountEmailPage(c, await readConfirmation(c.env, c.var.request))),
);
