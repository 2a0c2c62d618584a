/** Mails a link and a code to sign in with, and leads on to where the code can be typed. */
import * as z from 'zod/mini';
import { rememberAsker } from '../../../lib/asking-browser.ts';
import { anyone } from '../../../lib/caller.ts';
import { createFunction } from '../../../lib/function.ts';
import { guard } from '../../../lib/guard.ts';
import { limit } from '../../../lib/rate-limit/limit.ts';
import { email } from '../../../lib/fields.ts';
import { form } from '../../../lib/form-body.ts';
import { toLocalPath } from '../../../lib/local-path.ts';
import { mailSignInLink } from '../../../lib/mail-sign-in.ts';
import { letterPage } from '../../../lib/pages/letter-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { auth, mailbox } from '../../../lib/rate-limit/policies.ts';

const LinkRequest = z.object({ email, to: z.optional(z.string()) });

export default createFunction().post(
  '/auth/sign-in/link',
  page((c, refusal) => letterPage(c, 'sign-in', refusal)),
  guard({ caller: anyone, limits: limit(auth, mailbox), body: form(LinkRequest) }),
  async (c) => {
    const { email, to } = c.var.input;
    await mailSignInLink(c, {
      email,
      redirectTo: c.env.settings.publicUrl + toLocalPath(to, '/account'),
      browserNonceHash: rememberAsker(c, email),
    });
    return c.redirect('/auth/code?for=sign-in', 303);
  },
);
