/** The page to sign in on, by password or by a link that is mailed. */
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { signInPage } from '../../../lib/pages/sign-in-page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/auth/sign-in',
  page(),
  guard({ caller: anyone, limits: limit(api) }),
  (c) => respond(c, signInPage(c)),
);
