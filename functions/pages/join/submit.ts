/** Joins an organization by its link, as whoever this browser is signed in as. */
import * as z from 'zod/mini';
import { anyone } from '../../../lib/http/caller.ts';
import { pastedToken } from '../../../lib/http/typed-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { joinByLink } from '../../../lib/organizations/join.ts';
import { identifyBrowser, refreshBrowserSession } from '../../../lib/pages/browser-session.ts';
import { refusedJoinPage, signInToJoinPage } from '../../../lib/pages/join-page.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { auth } from '../../../lib/rate-limit/policies.ts';

const OpenedLink = z.object({ token: pastedToken });

export default createFunction('database', 'keys', 'outbox').post(
  '/auth/join',
  page(refusedJoinPage),
  guard({ caller: anyone, limits: limit(auth), body: form(OpenedLink) }),
  async (c) => {
    const caller = await identifyBrowser(c, c.var.request);
    if (!caller) return respond(c, signInToJoinPage(c));
    await joinByLink(c.env, { ...c.var.request, caller }, c.var.input.token);
    // Its access token is of the organization from now on.
    await refreshBrowserSession(c, c.var.request);
    return c.redirect('/organization?notice=joined', 303);
  },
);
