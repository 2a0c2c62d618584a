/** Mails an invitation anew, for another 7 days and in the name of whoever presses the button. */
import * as z from 'zod/mini';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { resendInvitation } from '../../../lib/organizations/invitation-sending.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { organizationButton } from '../../../lib/pages/organization-button.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const OpenInvitation = z.object({ organization_id: identifier, id: identifier });

export default createFunction('database', 'outbox').post(
  '/organization/invitations/resend',
  organizationButton('/organization/invitations'),
  guard({ caller: browserUser, limits: limit(api), body: form(OpenInvitation) }),
  async (c) => {
    const { organization_id, id } = c.var.input;
    await resendInvitation(c.env, c.var.request, organization_id, id);
    return c.redirect('/organization/invitations?notice=resent', 303);
  },
);
