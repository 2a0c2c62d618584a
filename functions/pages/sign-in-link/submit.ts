/** Mails a link and a code to sign in with, and leads on to where the code can be typed. */
import * as z from 'zod/mini';
import { bindBrowser } from '../../../lib/pages/browser-binding.ts';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { email } from '../../../lib/http/email-field.ts';
import { form } from '../../../lib/http/form-body.ts';
import { toLocalPath } from '../../../lib/http/local-path.ts';
import { mailSignInLink } from '../../../lib/accounts/email-sign-in.ts';
import { emailRequestPage } from '../../../lib/pages/email-request-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { mail, mailbox } from '../../../lib/rate-limit/policies.ts';

const LinkRequest = z.object({ email, to: z.optional(z.string()) });

export default createFunction('database', 'outbox').post(
  '/auth/sign-in/link',
  page((c, refusal) => emailRequestPage(c, 'sign-in', refusal)),
  guard({ caller: anyone, limits: limitByDevice(mail, mailbox), body: form(LinkRequest) }),
  async (c) => {
    const { email, to } = c.var.input;
    await mailSignInLink(c.env, c.var.request, {
      email,
      redirectTo: c.env.settings.publicUrl + toLocalPath(to, '/account'),
      binding: bindBrowser(c, email),
    });
    return c.redirect('/auth/code?for=sign-in', 303);
  },
);
