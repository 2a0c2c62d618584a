/** Asks for another address: an email to it confirms, by its link or by the code that the next page takes. */
import * as z from 'zod/mini';
import { bindBrowser } from '../../../lib/pages/browser-binding.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { mailEmailChange } from '../../../lib/accounts/email-change.ts';
import { email } from '../../../lib/http/email-field.ts';
import { password } from '../../../lib/http/password-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountEmailPage } from '../../../lib/pages/account-email-page.ts';
import { toConfirmation } from '../../../lib/pages/confirmation.ts';
import { page } from '../../../lib/pages/page.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { account, auth, mailbox, volume } from '../../../lib/rate-limit/policies.ts';

const Change = z.object({ email, password: z.optional(password) });

export default createFunction('database', 'passwords', 'outbox').post(
  '/account/email',
  page((c, refusal) => accountEmailPage(c, toConfirmation(refusal), refusal)),
  guard({ caller: browserUser, limits: limitByDevice(auth, volume, account, mailbox), body: form(Change) }),
  async (c) => {
    const { email, password } = c.var.input;
    await mailEmailChange(c.env, c.var.request, { email, password, binding: bindBrowser(c, email) });
    return c.redirect('/auth/code?for=email-change', 303);
  },
);
