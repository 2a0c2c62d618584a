/**
 * Deletes an organization, whose slug is typed again, with a sign-in within the last 15 minutes. For its owners.
 * Nobody finds it from then on; for 30 days whoever runs the service can restore it.
 */
import * as z from 'zod/mini';
import { recentSignIn } from '../../lib/http/authorize.ts';
import { user } from '../../lib/http/caller.ts';
import { slug } from '../../lib/http/name-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { deleteOrganization } from '../../lib/organizations/organization-deletion.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Confirmation = z.strictObject({ slug });

export default createFunction('database').delete(
  '/v1/organizations/:id',
  guard({
    caller: user,
    membership: 'organization:delete',
    freshness: recentSignIn,
    limits: limit(api),
    body: json(Confirmation),
  }),
  async (c) => {
    await deleteOrganization(c.env, c.var.request, c.req.param('id'), c.var.input.slug);
    return c.body(null, 204);
  },
);
