/** Gives a member another role. */
import * as z from 'zod/mini';
import { roles } from '../../../db/roles.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { changeRole } from '../../../lib/organizations/role-change.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { organizationButton } from '../../../lib/pages/organization-button.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Change = z.object({ organization_id: identifier, user_id: identifier, role: z.enum(roles) });

export default createFunction('database').post(
  '/organization/members/role',
  organizationButton('/organization/members'),
  guard({ caller: browserUser, limits: limit(api), body: form(Change) }),
  async (c) => {
    const { organization_id, user_id: userId, role } = c.var.input;
    await changeRole(c.env, c.var.request, organization_id, { userId, role });
    return c.redirect('/organization/members?notice=role-changed', 303);
  },
);
