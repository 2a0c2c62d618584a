/**
 * Changes what an API key is called, what it may or how often. It holds from the next request on, wherever Redis is shared. It takes a
 * sign-in of the last 15 minutes: whoever has the key may be given more by it.
 */
import * as z from 'zod/mini';
import { changeKey } from '../../lib/api-keys/api-key-change.ts';
import { rate, scopes } from '../../lib/api-keys/fields.ts';
import { recentSignIn } from '../../lib/http/authorize.ts';
import { user } from '../../lib/http/caller.ts';
import { displayName } from '../../lib/http/name-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Change = z.strictObject({
  name: z.optional(displayName),
  scopes: z.optional(scopes),
  limit: z.optional(z.nullable(rate)),
});

export default createFunction('database').patch(
  '/v1/organizations/:id/api-keys/:key_id',
  guard({
    caller: user,
    membership: 'keys:write',
    freshness: recentSignIn,
    limits: limit(api),
    body: json(Change),
  }),
  async (c) => {
    const { id, key_id: keyId } = c.req.param();
    const change = { ...c.var.input, id: keyId };
    return c.json({ api_key: await changeKey(c.env, c.var.request, id, change) });
  },
);
