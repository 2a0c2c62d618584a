/** Changes the name or the slug of an organization. For its owners and admins. */
import * as z from 'zod/mini';
import { toOrganization } from '../../lib/accounts/account.ts';
import { user } from '../../lib/http/caller.ts';
import { displayName, slug } from '../../lib/http/name-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { changeOrganization } from '../../lib/organizations/organization-change.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Changes = z.strictObject({ name: z.optional(displayName), slug: z.optional(slug) });

export default createFunction('database').patch(
  '/v1/organizations/:id',
  guard({ caller: user, membership: 'organization:write', limits: limit(api), body: json(Changes) }),
  async (c) => {
    const organization = await changeOrganization(c.env, c.var.request, c.req.param('id'), c.var.input);
    return c.json({ organization: toOrganization(organization) });
  },
);
