/** Mails a link and a code to sign in with. The answer is 202 whether or not the address has an account. */
import * as z from 'zod/mini';
import { createBinding } from '../../lib/accounts/binding.ts';
import { authorizationFields, toAuthorizationRequest } from '../../lib/http/authorization-request.ts';
import { anyone } from '../../lib/http/caller.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { email } from '../../lib/http/email-field.ts';
import { bindingField } from '../../lib/http/mailed-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { mailSignInLink } from '../../lib/accounts/email-sign-in.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { mail, mailbox } from '../../lib/rate-limit/policies.ts';

const LinkRequest = z.strictObject({
  email,
  binding: z.optional(bindingField),
  device_token: z.optional(deviceToken),
  ...authorizationFields,
});

export default createFunction('database', 'outbox').post(
  '/v1/auth/magic-link',
  guard({ caller: anyone, limits: limitByDevice(mail, mailbox), body: json(LinkRequest) }),
  async (c) => {
    const { email, binding = createBinding() } = c.var.input;
    const link = { ...toAuthorizationRequest(c.var.input, c.env.settings), email, binding };
    await mailSignInLink(c.env, c.var.request, link);
    return c.json({ status: 'email-pending', binding }, 202);
  },
);
