/** The page to ask for another letter that verifies an address. */
import { anyone } from '../../../lib/caller.ts';
import { createFunction } from '../../../lib/function.ts';
import { guard } from '../../../lib/guard.ts';
import { limit } from '../../../lib/rate-limit/limit.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { letterPage } from '../../../lib/pages/letter-page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/auth/verify',
  page(),
  guard({ caller: anyone, limits: limit(api) }),
  (c) => respond(c, letterPage(c, 'email-verification')),
);
