/**
 * Makes an organization whose owner is the caller. The session goes on in the one that it is in: switch it, or refresh with
 * `organization_id`. A slug is made of the name unless one is sent.
 */
import * as z from 'zod/mini';
import { toOrganization } from '../../lib/accounts/account.ts';
import { user } from '../../lib/http/caller.ts';
import { displayName, slug } from '../../lib/http/name-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { createOrganization } from '../../lib/organizations/organization-creation.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const NewOrganization = z.strictObject({ name: displayName, slug: z.optional(slug) });

export default createFunction('database').post(
  '/v1/organizations',
  guard({ caller: user, limits: limit(api), body: json(NewOrganization) }),
  async (c) => {
    const organization = await createOrganization(c.env, c.var.request, c.var.input);
    return c.json({ organization: toOrganization(organization) }, 201);
  },
);
