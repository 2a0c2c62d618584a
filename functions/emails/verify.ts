/**
 * Verifies the address of an account by the link or code that was mailed to it, and signs in. The password that the account
 * was registered with stays only if the client that registered it confirms (`binding`), or who knows the password.
 */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { verifyEmail } from '../../lib/accounts/email-verification.ts';
import { grantSession } from '../../lib/accounts/grant.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { presented, verificationFields } from '../../lib/http/presented-verification.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, auth, volume } from '../../lib/rate-limit/policies.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { password } from '../../lib/http/password-fields.ts';
import { createSignInAnswer } from '../../lib/sessions/session.ts';

const Presented = presented(
  z.strictObject({
    ...verificationFields,
    password: z.optional(password),
    device_token: z.optional(deviceToken),
  }),
);

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/v1/auth/email/verify',
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: json(Presented) }),
  async (c) => {
    const { verification, password, device_token } = c.var.input;
    const shown = { presented: verification, password };
    const grant = grantSession(c.env, c.var.request, verification);
    const { granted } = await verifyEmail(c.env, c.var.request, shown, grant);
    return c.json(await createSignInAnswer(c.env, granted, device_token));
  },
);
