/** The page of a person's own account. */
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountPage } from '../../../lib/pages/account-page.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';
import { listSessions } from '../../../lib/sessions/session-list.ts';
import { readSignedInAccount } from '../../../lib/accounts/signed-in-account.ts';

export default createFunction('database').get(
  '/account',
  page(),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const [account, sessions] = await Promise.all([
      readSignedInAccount(c.env, c.var.request),
      listSessions(c.env, c.var.request),
    ]);
    const currentId = c.var.request.caller.sessionId;
    return respond(c, accountPage(c, { account, sessions, currentId, now: new Date() }));
  },
);
