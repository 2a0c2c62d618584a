/** Mails the verification email anew. The answer is 202 whether or not there is anything to verify. */
import * as z from 'zod/mini';
import { createBinding } from '../../lib/accounts/binding.ts';
import { appFields, toAppRequest } from '../../lib/http/authorization-request.ts';
import { anyone } from '../../lib/http/caller.ts';
import { mailVerification } from '../../lib/accounts/email-verification.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { email } from '../../lib/http/email-field.ts';
import { bindingField } from '../../lib/http/mailed-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { mail, mailbox } from '../../lib/rate-limit/policies.ts';

const Address = z.strictObject({
  email,
  binding: z.optional(bindingField),
  device_token: z.optional(deviceToken),
  ...appFields,
});

export default createFunction('database', 'outbox').post(
  '/v1/auth/email/resend',
  guard({ caller: anyone, limits: limitByDevice(mail, mailbox), body: json(Address) }),
  async (c) => {
    const { email, binding = createBinding() } = c.var.input;
    await mailVerification(c.env, c.var.request, {
      ...toAppRequest(c.var.input, c.env.settings),
      email,
      binding,
    });
    return c.json({ status: 'email-pending', binding }, 202);
  },
);
