/** Changes the address of an account, by the link or code that was mailed to the new one. */
import { anyone } from '../../lib/caller.ts';
import { confirmEmailChange } from '../../lib/email-change.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { PresentedProof } from '../../lib/proof.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';

export default createFunction().post(
  '/v1/auth/email/confirm',
  guard({ caller: anyone, limits: limit(auth), body: json(PresentedProof) }),
  async (c) => {
    await confirmEmailChange(c, c.var.input);
    return c.body(null, 204);
  },
);
