/**
 * Sets a new password against the current one, and ends the person's other sessions. An account without a password
 * gets its first one here.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { newPassword, password } from '../../lib/http/password-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { changePassword } from '../../lib/accounts/password-change.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, auth, volume } from '../../lib/rate-limit/policies.ts';

const Change = z.strictObject({ current_password: z.optional(password), new_password: newPassword });

export default createFunction('database', 'passwords', 'outbox').post(
  '/v1/auth/password/change',
  guard({ caller: user, limits: limitByDevice(auth, volume, account), body: json(Change) }),
  async (c) => {
    const { current_password: currentPassword, new_password: newPassword } = c.var.input;
    await changePassword(c.env, c.var.request, { currentPassword, newPassword });
    return c.body(null, 204);
  },
);
