/** Changes the caller's address, by the link or code that was mailed to the new one. */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { confirmEmailChange } from '../../lib/accounts/email-change.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { presented, verificationFields } from '../../lib/http/presented-verification.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, auth, volume } from '../../lib/rate-limit/policies.ts';

const Presented = presented(z.strictObject(verificationFields));

export default createFunction('database', 'outbox').post(
  '/v1/auth/email/confirm',
  guard({ caller: user, limits: limitByDevice(auth, volume, account), body: json(Presented) }),
  async (c) => {
    await confirmEmailChange(c.env, c.var.request, c.var.input.verification);
    return c.body(null, 204);
  },
);
