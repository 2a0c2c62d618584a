/** Mails the email that verifies an address anew, and leads on to where its code can be typed. */
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
import { mailVerification } from '../../../lib/accounts/email-verification.ts';
import { mail, mailbox } from '../../../lib/rate-limit/policies.ts';

const Address = z.object({ email });

export default createFunction('database', 'outbox').post(
  '/auth/verify',
  page((c, refusal) => emailRequestPage(c, 'email-verification', refusal)),
  guard({ caller: anyone, limits: limitByDevice(mail, mailbox), body: form(Address) }),
  async (c) => {
    const { email } = c.var.input;
    await mailVerification(c.env, c.var.request, { email, binding: bindBrowser(c, email) });
    return c.redirect('/auth/code?for=email-verification', 303);
  },
);
