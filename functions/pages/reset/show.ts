/** The page to set a new password on, by the code of an email. */
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { codePage } from '../../../lib/pages/code-page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/auth/reset',
  page(),
  guard({ caller: anyone, limits: limit(api) }),
  (c) => respond(c, codePage(c, 'password-reset')),
);
