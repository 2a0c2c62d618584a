/** What the API key that asks is, and may: by its owner's role of now. */
import { apiKey } from '../../lib/api-keys/caller.ts';
import { readOwnKey } from '../../lib/api-keys/own-key.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api, apiKeyLimit, organizationLimit } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/me/api-key',
  guard({ caller: apiKey, limits: limit(api, apiKeyLimit, organizationLimit) }),
  async (c) => c.json(await readOwnKey(c.env, c.var.request)),
);
