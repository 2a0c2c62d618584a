/**
 * Makes another member the owner of an organization, and the caller an admin of it. It asks for the password as deleting does.
 * For its owners.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { password } from '../../lib/http/fields.ts';
import { identifier } from '../../lib/http/identifier.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { transferOwnership } from '../../lib/organizations/ownership-transfer.ts';
import { account, api } from '../../lib/rate-limit/policies.ts';

const Transfer = z.strictObject({ user_id: identifier, password: z.optional(password) });

export default createFunction('database', 'passwords').post(
  '/v1/organizations/:id/transfer',
  guard({ caller: user, limits: limit(api, account), body: json(Transfer) }),
  async (c) => {
    const { user_id: userId, password } = c.var.input;
    await transferOwnership(c.env, c.var.request, c.req.param('id'), { userId, password });
    return c.body(null, 204);
  },
);
