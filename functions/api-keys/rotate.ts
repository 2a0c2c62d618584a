/**
 * Gives an API key its next text, told in this answer alone; the one before goes on for as long as is asked, a week at most. It takes
 * a sign-in of the last 15 minutes, and an email tells of it.
 */
import * as z from 'zod/mini';
import { rotateKey } from '../../lib/api-keys/api-key-rotation.ts';
import { recentSignIn } from '../../lib/http/authorize.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { api, issuedKeys } from '../../lib/rate-limit/policies.ts';

const Rotation = z.strictObject({ overlap_seconds: z.int().check(z.gte(0), z.lte(604_800)) });

export default createFunction('database', 'outbox').post(
  '/v1/organizations/:id/api-keys/:key_id/rotate',
  guard({
    caller: user,
    membership: 'keys:write',
    freshness: recentSignIn,
    limits: limit(api, issuedKeys),
    body: json(Rotation),
  }),
  async (c) => {
    const { id, key_id: keyId } = c.req.param();
    const rotation = { id: keyId, overlapSeconds: c.var.input.overlap_seconds };
    const { key, apiKey } = await rotateKey(c.env, c.var.request, id, rotation);
    return c.json({ key, api_key: apiKey }, 201);
  },
);
