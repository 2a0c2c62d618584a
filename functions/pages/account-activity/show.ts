/** The page of what happened in one's account, 50 at a time. */
import { readActivity } from '../../../lib/accounts/activity.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { accountActivityPage } from '../../../lib/pages/account-activity-page.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/account/activity',
  page(),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    const activity = await readActivity(c.env, c.var.request, c.req.query('before'));
    return respond(c, accountActivityPage(c, activity));
  },
);
