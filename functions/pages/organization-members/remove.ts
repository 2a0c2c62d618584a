/** Removes a member. */
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

const Removal = z.object({ organization_id: identifier, user_id: identifier });

export default createFunction('database').post(
  '/organization/members/remove',
  organizationButton('/organization/members'),
  guard({ caller: browserUser, limits: limit(api), body: form(Removal) }),
  async (c) => {
    const { organization_id, user_id } = c.var.input;
    await removeMember(c.env, c.var.request, organization_id, user_id);
    return c.redirect('/organization/members?notice=removed', 303);
  },
);
