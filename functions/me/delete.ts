/**
 * Deletes the account, its sessions and whatever belongs to nobody else. It asks for the password again. An
 * organization goes too when nobody else is in it; where others are and no other owner is, the account stays.
 */
import * as z from 'zod/mini';
import { deleteAccount } from '../../lib/accounts/account-deletion.ts';
import { user } from '../../lib/http/caller.ts';
import { password } from '../../lib/http/password-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { account, api } from '../../lib/rate-limit/policies.ts';

const Confirmation = z.strictObject({ password: z.optional(password) });

export default createFunction('database', 'passwords').delete(
  '/v1/me',
  guard({ caller: user, limits: limitByDevice(api, account), body: json(Confirmation) }),
  async (c) => {
    await deleteAccount(c.env, c.var.request, c.var.input.password);
    return c.body(null, 204);
  },
);
