/** Mails a link and a code to sign in with. The answer is 202 whether or not the address has an account. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { email } from '../../lib/http/fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { mailSignInLink } from '../../lib/accounts/email-sign-in.ts';
import { limit } from '../../lib/http/limit.ts';
import { auth, mailbox } from '../../lib/rate-limit/policies.ts';
import { assertRedirect, redirectTo } from '../../lib/http/redirect.ts';

const LinkRequest = z.strictObject({ email, redirect_to: z.optional(redirectTo) });

export default createFunction('database', 'outbox').post(
  '/v1/auth/magic-link',
  guard({ caller: anyone, limits: limit(auth, mailbox), body: json(LinkRequest) }),
  async (c) => {
    const { email, redirect_to } = c.var.input;
    await mailSignInLink(c.env, c.var.request, {
      email,
      redirectTo: assertRedirect(redirect_to, c.env.settings),
    });
    return c.json({ status: 'email-pending' }, 202);
  },
);
