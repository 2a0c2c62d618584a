/** Declines an invitation by the token of its email. It takes no account, and the address can be invited again. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/http/caller.ts';
import { linkToken } from '../../lib/http/mailed-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { declineInvitation } from '../../lib/organizations/invitation-decline.ts';
import { auth } from '../../lib/rate-limit/policies.ts';

const Refusal = z.strictObject({ token: linkToken });

export default createFunction('database').post(
  '/v1/invitations/decline',
  guard({ caller: anyone, limits: limit(auth), body: json(Refusal) }),
  async (c) => {
    await declineInvitation(c.env, c.var.request, c.var.input.token);
    return c.body(null, 204);
  },
);
