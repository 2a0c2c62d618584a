/**
 * Gives a member of an organization another role. For its owners and admins; only owners make owners, and take that from
 * anybody.
 */
import * as z from 'zod/mini';
import { roles } from '../../db/roles.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { changeRole } from '../../lib/organizations/role-change.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Change = z.strictObject({ role: z.enum(roles) });

export default createFunction('database').patch(
  '/v1/organizations/:id/members/:user_id',
  guard({ caller: user, membership: 'members:write', limits: limit(api), body: json(Change) }),
  async (c) => {
    const { id, user_id: userId } = c.req.param();
    await changeRole(c.env, c.var.request, id, { userId, role: c.var.input.role });
    return c.body(null, 204);
  },
);
