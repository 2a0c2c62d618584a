/** The page to ask for a link to sign in with. */
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { emailRequestPage } from '../../../lib/pages/email-request-page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/auth/sign-in/link',
  page(),
  guard({ caller: anyone, limits: limit(api) }),
  (c) => respond(c, emailRequestPage(c, 'sign-in')),
);
