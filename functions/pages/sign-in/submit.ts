/** Signs a browser in by password. */
import * as z from 'zod/mini';
import { anyone } from '../../../lib/caller.ts';
import { createFunction } from '../../../lib/function.ts';
import { guard } from '../../../lib/guard.ts';
import { limit } from '../../../lib/rate-limit/limit.ts';
import { openBrowserSession } from '../../../lib/browser-session.ts';
import { email, password } from '../../../lib/fields.ts';
import { form } from '../../../lib/form-body.ts';
import { toLocalPath } from '../../../lib/local-path.ts';
import { page } from '../../../lib/pages/page.ts';
import { signInPage } from '../../../lib/pages/sign-in-page.ts';
import { signInByPassword } from '../../../lib/password-sign-in.ts';
import { account, auth } from '../../../lib/rate-limit/policies.ts';

const Credentials = z.object({ email, password, to: z.optional(z.string()) });

export default createFunction().post(
  '/auth/sign-in',
  page(signInPage),
  guard({ caller: anyone, limits: limit(auth, account), body: form(Credentials) }),
  async (c) => {
    await openBrowserSession(c, await signInByPassword(c, c.var.input));
    return c.redirect(toLocalPath(c.var.input.to, '/account'), 303);
  },
);
