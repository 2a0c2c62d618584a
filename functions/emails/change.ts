/**
 * Asks for another address: an email to it confirms, and one to the old address tells. It asks for the password again.
 * The answer is 202 whether or not the new address has an account.
 */
import * as z from 'zod/mini';
import { createBinding } from '../../lib/accounts/binding.ts';
import { user } from '../../lib/http/caller.ts';
import { mailEmailChange } from '../../lib/accounts/email-change.ts';
import { email } from '../../lib/http/email-field.ts';
import { bindingField } from '../../lib/http/mailed-fields.ts';
import { password } from '../../lib/http/password-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, auth, mailbox, volume } from '../../lib/rate-limit/policies.ts';

const Change = z.strictObject({
  email,
  password: z.optional(password),
  binding: z.optional(bindingField),
});

export default createFunction('database', 'passwords', 'outbox').post(
  '/v1/auth/email/change',
  guard({ caller: user, limits: limitByDevice(auth, volume, account, mailbox), body: json(Change) }),
  async (c) => {
    const { email, password, binding = createBinding() } = c.var.input;
    await mailEmailChange(c.env, c.var.request, { email, password, binding });
    return c.json({ status: 'email-pending', binding }, 202);
  },
);
