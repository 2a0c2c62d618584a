/**
 * Makes another member the owner of an organization, and the caller an admin of it. It wants a fresh sign-in as deleting does,
 * and is mailed to both. For its owners.
 */
import * as z from 'zod/mini';
import { recentSignIn } from '../../lib/http/authorize.ts';
import { user } from '../../lib/http/caller.ts';
import { identifier } from '../../lib/http/identifier.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { transferOwnership } from '../../lib/organizations/ownership-transfer.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Transfer = z.strictObject({ user_id: identifier });

export default createFunction('database', 'outbox').post(
  '/v1/organizations/:id/transfer',
  guard({
    caller: user,
    membership: 'organization:delete',
    freshness: recentSignIn,
    limits: limit(api),
    body: json(Transfer),
  }),
  async (c) => {
    await transferOwnership(c.env, c.var.request, c.req.param('id'), c.var.input.user_id);
    return c.body(null, 204);
  },
);
