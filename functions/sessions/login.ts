/** Signs a person in by password. Whether the address has an account is not told. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { email } from '../../lib/http/email-field.ts';
import { password } from '../../lib/http/password-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { signInByPassword } from '../../lib/accounts/password-sign-in.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, auth, volume } from '../../lib/rate-limit/policies.ts';
import { createSignInAnswer } from '../../lib/sessions/session.ts';

const Credentials = z.strictObject({ email, password, device_token: z.optional(deviceToken) });

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/v1/auth/login',
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: json(Credentials) }),
  async (c) => {
    const session = await signInByPassword(c.env, c.var.request, c.var.input);
    return c.json(await createSignInAnswer(c.env, session, c.var.input.device_token));
  },
);
