/** Verifies the address of an account by the link or code that was mailed to it, and signs in. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { verifyEmail } from '../../lib/accounts/email-verification.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { presented, verificationFields } from '../../lib/accounts/verification.ts';
import { limit } from '../../lib/http/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';
import { createTokenPair } from '../../lib/sessions/session.ts';

const Presented = presented(z.strictObject(verificationFields));

export default createFunction('database', 'keys', 'outbox').post(
  '/v1/auth/email/verify',
  guard({ caller: anyone, limits: limit(auth), body: json(Presented) }),
  async (c) =>
    c.json(await createTokenPair(c.env, await verifyEmail(c.env, c.var.request, c.var.input.verification))),
);
