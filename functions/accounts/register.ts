/**
 * Makes a person and their first organization. Where addresses must be verified the answer is 202 whether or not the
 * address has an account; where they need not be, a taken address has to be told: 409.
 */
import { toOrganization, toUser } from '../../lib/account.ts';
import { anyone } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth, mailbox } from '../../lib/rate-limit/policies.ts';
import { register, Registration } from '../../lib/registration.ts';
import { createTokenPair } from '../../lib/session.ts';

export default createFunction().post(
  '/v1/auth/register',
  guard({ caller: anyone, limits: limit(auth, mailbox), body: json(Registration) }),
  async (c) => {
    const registered = await register(c, c.var.input);
    if (!registered) return c.json({ status: 'verification-pending' }, 202);
    const { user, organization, session } = registered;
    return c.json(
      {
        ...(await createTokenPair(c.env, session)),
        user: toUser(user),
        organization: toOrganization(organization),
      },
      201,
    );
  },
);
