/** Signs in by the token of a mailed link, or by the code of the same email. The first time may make the account. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { grantSession } from '../../lib/accounts/grant.ts';
import { signInByEmail } from '../../lib/accounts/email-sign-in.ts';
import { presented, verificationFields } from '../../lib/http/presented-verification.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, auth, volume } from '../../lib/rate-limit/policies.ts';
import { createSignInAnswer } from '../../lib/sessions/session.ts';

const Presented = presented(z.strictObject({ ...verificationFields, device_token: z.optional(deviceToken) }));

export default createFunction('database', 'keys', 'outbox').post(
  '/v1/auth/magic-link/verify',
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: json(Presented) }),
  async (c) => {
    const { verification, device_token } = c.var.input;
    const grant = grantSession(c.env, c.var.request, verification);
    const { granted, redirectTo } = await signInByEmail(c.env, c.var.request, verification, grant);
    return c.json({
      ...(await createSignInAnswer(c.env, granted, device_token)),
      ...(redirectTo !== null && { redirect_to: redirectTo }),
    });
  },
);
