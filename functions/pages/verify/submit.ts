/** Mails the letter that verifies an address anew, and leads on to where its code can be typed. */
import * as z from 'zod/mini';
import { rememberAsker } from '../../../lib/asking-browser.ts';
import { anyone } from '../../../lib/caller.ts';
import { createFunction } from '../../../lib/function.ts';
import { guard } from '../../../lib/guard.ts';
import { limit } from '../../../lib/rate-limit/limit.ts';
import { email } from '../../../lib/fields.ts';
import { form } from '../../../lib/form-body.ts';
import { letterPage } from '../../../lib/pages/letter-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { mailVerification } from '../../../lib/email-verification.ts';
import { auth, mailbox } from '../../../lib/rate-limit/policies.ts';

const Address = z.object({ email });

export default createFunction().post(
  '/auth/verify',
  page((c, refusal) => letterPage(c, 'email-verification', refusal)),
  guard({ caller: anyone, limits: limit(auth, mailbox), body: form(Address) }),
  async (c) => {
    const { email } = c.var.input;
    await mailVerification(c, { email, browserNonceHash: rememberAsker(c, email) });
    return c.redirect('/auth/code?for=email-verification', 303);
  },
);
