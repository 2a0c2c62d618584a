/**
 * Accepts an invitation by the token of its email, and signs in: it makes the account if there is none, also where sign-up is closed.
 * An access token is optional, and that of another address is refused; the session that it is of goes on beside the new one.
 */
import * as z from 'zod/mini';
import { toOrganization } from '../../lib/accounts/account.ts';
import { anyoneOrUser } from '../../lib/http/caller.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { linkToken } from '../../lib/http/mailed-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { acceptInvitation } from '../../lib/organizations/invitation-acceptance.ts';
import { auth, volume } from '../../lib/rate-limit/policies.ts';
import { createSignInAnswer } from '../../lib/sessions/session.ts';

const Acceptance = z.strictObject({ token: linkToken, device_token: z.optional(deviceToken) });

export default createFunction('database', 'keys', 'outbox').post(
  '/v1/invitations/accept',
  guard({ caller: anyoneOrUser, limits: limit(auth, volume), body: json(Acceptance) }),
  async (c) => {
    const { token, device_token } = c.var.input;
    const { session, organization } = await acceptInvitation(c.env, c.var.request, token);
    const signIn = await createSignInAnswer(c.env, session, device_token);
    return c.json({ ...signIn, organization: toOrganization(organization) });
  },
);
