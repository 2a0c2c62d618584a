/** Ends the person’s own membership of an organization. */
import * as z from 'zod/mini';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { removeMember } from '../../../lib/organizations/member-removal.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { organizationButton } from '../../../lib/pages/organization-button.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Leaving = z.object({ organization_id: identifier });

export default createFunction('database').post(
  '/account/organizations/leave',
  organizationButton('/account/organizations'),
  guard({ caller: browserUser, limits: limit(api), body: form(Leaving) }),
  async (c) => {
    const { caller } = c.var.request;
    await removeMember(c.env, c.var.request, c.var.input.organization_id, caller.userId);
    return c.redirect('/account/organizations?notice=left', 303);
  },
);
