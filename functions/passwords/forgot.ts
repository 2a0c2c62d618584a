/** Mails a link and a code to set a new password with. The answer is 202 whether or not the address has an account. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { email } from '../../lib/http/fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { mailPasswordReset } from '../../lib/accounts/password-reset.ts';
import { limit } from '../../lib/http/limit.ts';
import { auth, mailbox } from '../../lib/rate-limit/policies.ts';

const Address = z.strictObject({ email });

export default createFunction('database', 'outbox').post(
  '/v1/auth/password/forgot',
  guard({ caller: anyone, limits: limit(auth, mailbox), body: json(Address) }),
  async (c) => {
    await mailPasswordReset(c.env, c.var.request, c.var.input);
    return c.json({ status: 'email-pending' }, 202);
  },
);
