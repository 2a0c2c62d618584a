/** Sets a new password against a mailed link or code, and ends every session of the account. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/caller.ts';
import { newPassword } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { resetPassword } from '../../lib/password-reset.ts';
import { presented, proofFields } from '../../lib/proof.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';

const Reset = presented(z.strictObject({ ...proofFields, new_password: newPassword }));

export default createFunction().post(
  '/v1/auth/password/reset',
  guard({ caller: anyone, limits: limit(auth), body: json(Reset) }),
  async (c) => {
    await resetPassword(c, c.var.input.proof, c.var.input.new_password);
    return c.body(null, 204);
  },
);
