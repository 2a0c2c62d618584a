/**
 * Makes a person and their first organization. Where addresses must be verified the answer is 202 whether or not the
 * address has an account; where they need not be, a taken address has to be told: 409.
 */
import { toOrganization, toUser } from '../../lib/accounts/account.ts';
import { createBinding } from '../../lib/accounts/binding.ts';
import { toAppRequest } from '../../lib/http/authorization-request.ts';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limitByDevice } from '../../lib/http/limit-by-device.ts';
import { auth, mail, mailbox } from '../../lib/rate-limit/policies.ts';
import { register, Registration } from '../../lib/accounts/registration.ts';
import { createSignInAnswer } from '../../lib/sessions/session.ts';

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/v1/auth/register',
  guard({ caller: anyone, limits: limitByDevice(auth, mail, mailbox), body: json(Registration) }),
  async (c) => {
    const { binding = createBinding() } = c.var.input;
    const client = { ...toAppRequest(c.var.input, c.env.settings), binding };
    const registered = await register(c.env, c.var.request, c.var.input, client);
    if (!registered) return c.json({ status: 'verification-pending', binding }, 202);
    const { user, organization, session } = registered;
    return c.json(
      {
        ...(await createSignInAnswer(c.env, session, undefined)),
        binding,
        user: toUser(user),
        organization: toOrganization(organization),
      },
      201,
    );
  },
);
