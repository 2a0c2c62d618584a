/** Verifies the address of an account by the link or code that was mailed to it, and signs in. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/caller.ts';
import { verifyEmail } from '../../lib/email-verification.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { presented, proofFields } from '../../lib/proof.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';
import { createTokenPair } from '../../lib/session.ts';

const Presented = presented(z.strictObject(proofFields));

export default createFunction().post(
  '/v1/auth/email/verify',
  guard({ caller: anyone, limits: limit(auth), body: json(Presented) }),
  async (c) => c.json(await createTokenPair(c.env, await verifyEmail(c, c.var.input.proof))),
);
