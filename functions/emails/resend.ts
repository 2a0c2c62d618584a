/** Mails the verification email anew. The answer is 202 whether or not there is anything to verify. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { mailVerification } from '../../lib/accounts/email-verification.ts';
import { email } from '../../lib/http/fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { auth, mailbox } from '../../lib/rate-limit/policies.ts';

const Address = z.strictObject({ email });

export default createFunction('database', 'outbox').post(
  '/v1/auth/email/resend',
  guard({ caller: anyone, limits: limit(auth, mailbox), body: json(Address) }),
  async (c) => {
    await mailVerification(c.env, c.var.request, c.var.input);
    return c.json({ status: 'email-pending' }, 202);
  },
);
