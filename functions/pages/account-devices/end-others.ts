/** Signs every device of the person out but this one. */
import { visitor } from '../../../lib/browser-session.ts';
import { createFunction } from '../../../lib/function.ts';
import { guard } from '../../../lib/guard.ts';
import { page } from '../../../lib/pages/page.ts';
import { limit } from '../../../lib/rate-limit/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';
import { endOtherSessions } from '../../../lib/session-end.ts';

export default createFunction().post(
  '/account/devices/end-others',
  page(undefined, '/account'),
  guard({ caller: visitor, limits: limit(api) }),
  async (c) => {
    await endOtherSessions(c);
    return c.redirect('/account?notice=others-signed-out', 303);
  },
);
