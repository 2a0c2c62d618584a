/** Sets a password, against the current one if there is one; the person's other devices are signed out by it. */
import * as z from 'zod/mini';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { newPassword, password } from '../../../lib/http/password-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountPasswordPage } from '../../../lib/pages/account-password-page.ts';
import { toConfirmation } from '../../../lib/pages/confirmation.ts';
import { page } from '../../../lib/pages/page.ts';
import { changePassword } from '../../../lib/accounts/password-change.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { account, auth, volume } from '../../../lib/rate-limit/policies.ts';

const Change = z.object({ current_password: z.optional(password), new_password: newPassword });

export default createFunction('database', 'passwords', 'outbox').post(
  '/account/password',
  page((c, refusal) => accountPasswordPage(c, toConfirmation(refusal), refusal)),
  guard({ caller: browserUser, limits: limitByDevice(auth, volume, account), body: form(Change) }),
  async (c) => {
    const { current_password: currentPassword, new_password: newPassword } = c.var.input;
    await changePassword(c.env, c.var.request, { currentPassword, newPassword });
    return c.redirect('/account?notice=password-changed', 303);
  },
);
