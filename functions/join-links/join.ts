/** Joins an organization by its join link. It takes a verified address, and the session works in the organization from now on. */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { linkToken } from '../../lib/http/mailed-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { joinByLink } from '../../lib/organizations/join.ts';
import { createSwitchAnswer } from '../../lib/organizations/organization-switch.ts';
import { auth } from '../../lib/rate-limit/policies.ts';

const Joining = z.strictObject({ token: linkToken });

export default createFunction('database', 'keys').post(
  '/v1/join',
  guard({ caller: user, limits: limit(auth), body: json(Joining) }),
  async (c) => {
    const session = await joinByLink(c.env, c.var.request, c.var.input.token);
    return c.json(await createSwitchAnswer(c.env, session));
  },
);
