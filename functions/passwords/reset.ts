/** Sets a new password against a mailed link or code, and ends every session of the account. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/caller.ts';
import { newPassword } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { resetPassword } from '../../lib/password-reset.ts';
import { presentedWith } from '../../lib/proof.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';

const Reset = presentedWith({ new_password: newPassword });

export default createFunction().post(
  '/v1/auth/password/reset',
  guard({ caller: anyone, limits: limit(auth), body: json(Reset) }),
  async (c) => {
    const { new_password, ...presented } = c.var.input;
    await resetPassword(c, presented, new_password);
    return c.body(null, 204);
  },
);
