/**
 * Deletes an organization, whose slug is typed again, and asks for the password as deleting an account does. For its owners.
 * Nobody finds it from then on; for 30 days whoever runs the service can restore it.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { password, slug } from '../../lib/http/fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { deleteOrganization } from '../../lib/organizations/organization-deletion.ts';
import { account, api } from '../../lib/rate-limit/policies.ts';

const Confirmation = z.strictObject({
  slug,
  password: z.optional(password),
});

export default createFunction('database', 'passwords').delete(
  '/v1/organizations/:id',
  guard({ caller: user, limits: limit(api, account), body: json(Confirmation) }),
  async (c) => {
    await deleteOrganization(c.env, c.var.request, c.req.param('id'), c.var.input);
    return c.body(null, 204);
  },
);
