/** Signs every device of the person out but this one. */
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { page } from '../../../lib/pages/page.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';
import { revokeOtherSessions } from '../../../lib/sessions/session-revocation.ts';

export default createFunction('database').post(
  '/account/devices/end-others',
  page(undefined, '/account'),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => {
    await revokeOtherSessions(c.env, c.var.request);
    return c.redirect('/account?notice=others-signed-out', 303);
  },
);
