/**
 * Where every mailed link leads: `?for=sign-in#<token>`. Inert to GET and HEAD: the token never gets here, and nothing
 * is looked up.
 */
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { landingPage } from '../../../lib/pages/link-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { pagePurpose } from '../../../lib/pages/purposes.ts';
import { Problem } from '../../../lib/core/problem.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/auth/magic-link',
  page(undefined, '/auth/sign-in'),
  guard({ caller: anyone, limits: limit(api) }),
  (c) => {
    const purpose = pagePurpose.safeParse(c.req.query('for'));
    if (!purpose.success) throw new Problem('not-found');
    return respond(c, landingPage(c, purpose.data));
  },
);
