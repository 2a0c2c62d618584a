/** Has this browser work in another organization of the person. */
import * as z from 'zod/mini';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { switchOrganization } from '../../../lib/organizations/organization-switch.ts';
import { browserUser, refreshBrowserSession } from '../../../lib/pages/browser-session.ts';
import { organizationButton } from '../../../lib/pages/organization-button.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Switch = z.object({ organization_id: identifier });

export default createFunction('database').post(
  '/account/organizations/switch',
  organizationButton('/account/organizations'),
  guard({ caller: browserUser, limits: limit(api), body: form(Switch) }),
  async (c) => {
    await switchOrganization(c.env, c.var.request, c.var.input.organization_id);
    // Its access token is of the organization from now on.
    await refreshBrowserSession(c, c.var.request);
    return c.redirect('/organization?notice=switched', 303);
  },
);
