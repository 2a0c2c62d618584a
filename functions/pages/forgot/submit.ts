/** Mails a link and a code to set a new password with, and leads on to where the code can be typed. */
import * as z from 'zod/mini';
import { bindBrowser } from '../../../lib/pages/browser-binding.ts';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { email } from '../../../lib/http/email-field.ts';
import { form } from '../../../lib/http/form-body.ts';
import { emailRequestPage } from '../../../lib/pages/email-request-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { mailPasswordReset } from '../../../lib/accounts/password-reset.ts';
import { mail, mailbox } from '../../../lib/rate-limit/policies.ts';

const Address = z.object({ email });

export default createFunction('database', 'outbox').post(
  '/auth/forgot',
  page((c, refusal) => emailRequestPage(c, 'password-reset', refusal)),
  guard({ caller: anyone, limits: limitByDevice(mail, mailbox), body: form(Address) }),
  async (c) => {
    const { email } = c.var.input;
    await mailPasswordReset(c.env, c.var.request, { email, binding: bindBrowser(c, email) });
    return c.redirect('/auth/reset', 303);
  },
);
