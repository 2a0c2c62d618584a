/**
 * Ends API keys that somebody has found, whoever that is: holding one is enough. The answer is the same for keys, for what was
 * revoked long ago and for anything else. Whose key it was is told by email.
 */
import * as z from 'zod/mini';
import { reportKeys } from '../../lib/api-keys/api-key-revocation.ts';
import { keyText } from '../../lib/api-keys/fields.ts';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { auth, volume } from '../../lib/rate-limit/policies.ts';

const Report = z.strictObject({ keys: z.array(keyText).check(z.minLength(1), z.maxLength(100)) });

export default createFunction('database', 'outbox').post(
  '/v1/api-keys/revoke',
  guard({ caller: anyone, limits: limit(auth, volume), body: json(Report) }),
  async (c) => {
    await reportKeys(c.env, c.var.request, c.var.input.keys);
    return c.body(null, 202);
  },
);
