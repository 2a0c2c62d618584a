/** Sets a new password against a mailed link or code, and ends every session of the account. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { newPassword } from '../../lib/http/password-fields.ts';
import { assertNotOfApp } from '../../lib/accounts/grant.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { resetPassword } from '../../lib/accounts/password-reset.ts';
import { presented, verificationFields } from '../../lib/http/presented-verification.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, auth, volume } from '../../lib/rate-limit/policies.ts';

const Reset = presented(z.strictObject({ ...verificationFields, new_password: newPassword }));

export default createFunction('database', 'passwords', 'outbox').post(
  '/v1/auth/password/reset',
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: json(Reset) }),
  async (c) => {
    const { verification, new_password } = c.var.input;
    await resetPassword(c.env, c.var.request, verification, new_password, async (_sql, _owner, found) =>
      assertNotOfApp(verification, found),
    );
    return c.body(null, 204);
  },
);
