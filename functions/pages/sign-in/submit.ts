/** Signs a browser in by password. */
import * as z from 'zod/mini';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { openBrowserSession } from '../../../lib/pages/browser-session.ts';
import { email } from '../../../lib/http/email-field.ts';
import { password } from '../../../lib/http/password-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { toLocalPath } from '../../../lib/http/local-path.ts';
import { page } from '../../../lib/pages/page.ts';
import { signInPage } from '../../../lib/pages/sign-in-page.ts';
import { signInByPassword } from '../../../lib/accounts/password-sign-in.ts';
import { account, auth, volume } from '../../../lib/rate-limit/policies.ts';

const Credentials = z.object({ email, password, to: z.optional(z.string()) });

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/auth/sign-in',
  page(signInPage),
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: form(Credentials) }),
  async (c) => {
    await openBrowserSession(c, c.var.request, await signInByPassword(c.env, c.var.request, c.var.input));
    return c.redirect(toLocalPath(c.var.input.to, '/account'), 303);
  },
);
