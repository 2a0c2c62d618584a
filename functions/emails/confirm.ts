/** Changes the address of an account, by the link or code that was mailed to the new one. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/caller.ts';
import { confirmEmailChange } from '../../lib/email-change.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { presented, proofFields } from '../../lib/proof.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';

const Presented = presented(z.strictObject(proofFields));

export default createFunction().post(
  '/v1/auth/email/confirm',
  guard({ caller: anyone, limits: limit(auth), body: json(Presented) }),
  async (c) => {
    await confirmEmailChange(c, c.var.input.proof);
    return c.body(null, 204);
  },
);
