/**
 * Makes an API key, of the organization or a personal one, which may no more than its owner may at the time of each request. The
 * answer is the only one that tells its text. It takes a sign-in of the last 15 minutes, and an email tells of it. An organization
 * has 100 keys of its own at most, and each person 20 in it, without those that have ended.
 */
import * as z from 'zod/mini';
import { createKey } from '../../lib/api-keys/api-key-creation.ts';
import { rate, scopes } from '../../lib/api-keys/fields.ts';
import { recentSignIn } from '../../lib/http/authorize.ts';
import { user } from '../../lib/http/caller.ts';
import { displayName } from '../../lib/http/name-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { api, issuedKeys } from '../../lib/rate-limit/policies.ts';

const NewKey = z.strictObject({
  name: displayName,
  scopes,
  expires_in_days: z.optional(z.nullable(z.int().check(z.gte(1), z.lte(3650)))),
  limit: z.optional(rate),
  personal: z.optional(z.boolean()),
});

export default createFunction('database', 'outbox').post(
  '/v1/organizations/:id/api-keys',
  guard({
    caller: user,
    membership: 'keys:write',
    freshness: recentSignIn,
    limits: limit(api, issuedKeys),
    body: json(NewKey),
  }),
  async (c) => {
    const { expires_in_days: expiresInDays = 90, personal: isPersonal = false, ...rest } = c.var.input;
    const wanted = { ...rest, expiresInDays, isPersonal };
    const { key, apiKey } = await createKey(c.env, c.var.request, c.req.param('id'), wanted);
    return c.json({ key, api_key: apiKey }, 201);
  },
);
