/** Sets a new password against a link or a code; every device of the account is signed out by it. */
import * as z from 'zod/mini';
import { authorizeApp } from '../../../lib/accounts/authorization-code.ts';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { closeBrowserSession, keepDevice } from '../../../lib/pages/browser-session.ts';
import { email } from '../../../lib/http/email-field.ts';
import { linkToken } from '../../../lib/http/mailed-fields.ts';
import { newPassword } from '../../../lib/http/password-fields.ts';
import { typedCode } from '../../../lib/http/typed-fields.ts';
import { form, submittedOf } from '../../../lib/http/form-body.ts';
import { codePage } from '../../../lib/pages/code-page.ts';
import { deadLinkPage } from '../../../lib/pages/link-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { resetPage } from '../../../lib/pages/reset-page.ts';
import { resetPassword } from '../../../lib/accounts/password-reset.ts';
import { toPresented } from '../../../lib/pages/verification-use.ts';
import { account, auth, volume } from '../../../lib/rate-limit/policies.ts';

const Reset = z.object({
  token: z.optional(linkToken),
  email: z.optional(email),
  code: z.optional(typedCode),
  new_password: newPassword,
});

export default createFunction('database', 'passwords', 'outbox').post(
  '/auth/reset',
  page((c, refusal) => {
    const { token, username = '', app } = submittedOf(c.req.raw);
    if (token === undefined) return codePage(c, 'password-reset', refusal);
    if (refusal.slug.startsWith('verification-')) return deadLinkPage(c, 'password-reset', refusal);
    return resetPage(c, { token, email: username, app }, refusal);
  }),
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: form(Reset) }),
  async (c) => {
    const { new_password: newPassword, ...shown } = c.var.input;
    const { granted, grounds } = await resetPassword(
      c.env,
      c.var.request,
      toPresented(c, shown),
      newPassword,
      (sql, owner, verification) => authorizeApp(sql, c.env.settings, owner, verification),
    );
    keepDevice(c, grounds);
    closeBrowserSession(c);
    return c.redirect(granted ?? '/auth/sign-in?notice=password-reset', 303);
  },
);
