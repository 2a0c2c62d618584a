/** Has the session work in another organization of the person from now on. The refresh token stays what it is. */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { identifier } from '../../lib/http/identifier.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { createSwitchAnswer, switchOrganization } from '../../lib/organizations/organization-switch.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Switch = z.strictObject({ organization_id: identifier });

export default createFunction('database', 'keys').post(
  '/v1/sessions/current/organization',
  guard({ caller: user, limits: limit(api), body: json(Switch) }),
  async (c) => {
    const session = await switchOrganization(c.env, c.var.request, c.var.input.organization_id);
    return c.json(await createSwitchAnswer(c.env, session));
  },
);
