/** Declines an invitation to the person’s address, without its email. */
import * as z from 'zod/mini';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { declineOwnInvitation } from '../../../lib/organizations/invitation-decline.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { organizationButton } from '../../../lib/pages/organization-button.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Refusal = z.object({ id: identifier });

export default createFunction('database').post(
  '/account/organizations/decline',
  organizationButton('/account/organizations'),
  guard({ caller: browserUser, limits: limit(api), body: form(Refusal) }),
  async (c) => {
    await declineOwnInvitation(c.env, c.var.request, c.var.input.id);
    return c.redirect('/account/organizations?notice=declined', 303);
  },
);
