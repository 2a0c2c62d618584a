/**
 * Asks for another address: a letter to it confirms, and one to the old address tells. It asks for the password again.
 * The answer is 202 whether or not the new address has an account.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/caller.ts';
import { mailEmailChange } from '../../lib/email-change.ts';
import { email, password } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { account, auth, mailbox } from '../../lib/rate-limit/policies.ts';

const Change = z.strictObject({ email, password: z.optional(password) });

export default createFunction().post(
  '/v1/auth/email/change',
  guard({ caller: user, limits: limit(auth, account, mailbox), body: json(Change) }),
  async (c) => {
    const { email, password } = c.var.input;
    await mailEmailChange(c, { email, password });
    return c.json({ status: 'letter-pending' }, 202);
  },
);
