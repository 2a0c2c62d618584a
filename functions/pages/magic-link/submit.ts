/**
 * Takes the link of an email. The browser that asked for the email needs one click; any other is shown first whose account it
 * is, who asked, and what will happen, so that nobody ends up in a stranger's account by a link that was sent to them.
 */
import * as z from 'zod/mini';
import { toAppName } from '../../../lib/pages/app-link.ts';
import { isBoundBrowser } from '../../../lib/pages/browser-binding.ts';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { form, submittedOf } from '../../../lib/http/form-body.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { confirmPage, deadLinkPage, factsOf } from '../../../lib/pages/link-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { languageOf } from '../../../lib/pages/page-language.ts';
import { toPresented, useVerification } from '../../../lib/pages/verification-use.ts';
import { pagePurpose } from '../../../lib/pages/purposes.ts';
import { resetPage } from '../../../lib/pages/reset-page.ts';
import { peekVerification } from '../../../lib/accounts/verification.ts';
import { linkToken } from '../../../lib/http/mailed-fields.ts';
import { password } from '../../../lib/http/password-fields.ts';
import { account, auth, volume } from '../../../lib/rate-limit/policies.ts';

const OpenedLink = z.object({
  for: pagePurpose,
  token: linkToken,
  confirm: z.optional(z.literal('yes')),
  password: z.optional(password),
});

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/auth/magic-link',
  page(
    (c, refusal) => deadLinkPage(c, pagePurpose.safeParse(submittedOf(c.req.raw)['for']).data, refusal),
    // What the link was for is not known where nothing was read.
    '/auth/sign-in',
  ),
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: form(OpenedLink) }),
  async (c) => {
    const { for: purpose, token, confirm, password } = c.var.input;
    const verification = await peekVerification(c.env.database.sql, purpose, token);
    const { appRedirect } = verification;
    const asked = isBoundBrowser(c, verification.browserNonceHash);
    if (purpose === 'password-reset') {
      const facts = asked ? undefined : factsOf(languageOf(c), verification);
      const app = appRedirect === null ? undefined : toAppName(appRedirect);
      return respond(c, resetPage(c, { token, email: verification.email, facts, app }));
    }
    // An app asks by itself, so that no browser shows that it did.
    const isSure = confirm === 'yes' || (asked && appRedirect === null);
    if (!isSure) return respond(c, confirmPage(c, purpose, token, verification));
    return useVerification(c, c.var.request, {
      purpose,
      presented: toPresented(c, { token }),
      password,
    });
  },
);
