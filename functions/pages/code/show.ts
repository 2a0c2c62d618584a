/** The page to type the code of an email on: `?for=sign-in`, or what else it is for. */
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { codePage } from '../../../lib/pages/code-page.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { pagePurpose } from '../../../lib/pages/purposes.ts';
import { Problem } from '../../../lib/core/problem.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/auth/code',
  page(),
  guard({ caller: anyone, limits: limit(api) }),
  (c) => {
    const purpose = pagePurpose.safeParse(c.req.query('for') ?? 'sign-in');
    if (!purpose.success) throw new Problem('not-found');
    return respond(c, codePage(c, purpose.data));
  },
);
