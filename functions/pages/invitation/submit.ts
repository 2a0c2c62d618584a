/**
 * Accepts or declines an invitation. A browser that is signed in as the person it is for joins at once; one that is signed out is
 * shown first who invites to what, and whose account it will be signed in to; one of somebody else, that it would have to sign out.
 */
import * as z from 'zod/mini';
import { anyone } from '../../../lib/http/caller.ts';
import { pastedToken } from '../../../lib/http/typed-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { findInvitationByToken } from '../../../lib/organizations/found-invitation.ts';
import { acceptInvitation, isForAnother } from '../../../lib/organizations/invitation-acceptance.ts';
import { declineInvitation } from '../../../lib/organizations/invitation-decline.ts';
import { identifyBrowser, openBrowserSession } from '../../../lib/pages/browser-session.ts';
import {
  declinedPage,
  invitationPage,
  otherPersonPage,
  refusedInvitationPage,
} from '../../../lib/pages/invitation-page.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { auth, volume } from '../../../lib/rate-limit/policies.ts';

const OpenedInvitation = z.object({
  token: pastedToken,
  decision: z.enum(['accept', 'decline']),
  confirm: z.optional(z.literal('yes')),
  sign_out: z.optional(z.literal('yes')),
});

export default createFunction('database', 'keys', 'outbox').post(
  '/auth/invitation',
  page(refusedInvitationPage),
  guard({ caller: anyone, limits: limit(auth, volume), body: form(OpenedInvitation) }),
  async (c) => {
    const { token, decision, confirm, sign_out } = c.var.input;
    if (decision === 'decline') {
      await declineInvitation(c.env, c.var.request, token);
      return respond(c, declinedPage(c));
    }
    const { sql } = c.env.database;
    const caller = sign_out === 'yes' ? undefined : await identifyBrowser(c, c.var.request);
    const invitation = await findInvitationByToken(sql, token);
    if (await isForAnother(sql, caller, invitation)) return respond(c, otherPersonPage(c, token, invitation));
    const isSure = caller !== undefined || confirm === 'yes' || sign_out === 'yes';
    if (!isSure) return respond(c, invitationPage(c, token, invitation));
    const { session, isClaimed } = await acceptInvitation(c.env, { ...c.var.request, caller }, token);
    await openBrowserSession(c, c.var.request, session);
    return c.redirect(isClaimed ? '/account?notice=password-dropped' : '/organization?notice=joined', 303);
  },
);
