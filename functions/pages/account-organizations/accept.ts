/** Accepts an invitation to the person’s address, without its email; the browser works in the organization from then on. */
import * as z from 'zod/mini';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { acceptOwnInvitation } from '../../../lib/organizations/invitation-acceptance.ts';
import { browserUser, refreshBrowserSession } from '../../../lib/pages/browser-session.ts';
import { organizationButton } from '../../../lib/pages/organization-button.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Acceptance = z.object({ id: identifier });

export default createFunction('database').post(
  '/account/organizations/accept',
  organizationButton('/account/organizations'),
  guard({ caller: browserUser, limits: limit(api), body: form(Acceptance) }),
  async (c) => {
    await acceptOwnInvitation(c.env, c.var.request, c.var.input.id);
    // Its access token is of the organization from now on.
    await refreshBrowserSession(c, c.var.request);
    return c.redirect('/organization?notice=joined', 303);
  },
);
