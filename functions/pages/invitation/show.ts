/** Where the link of an invitation leads. Inert to GET and HEAD: the token never gets here, and nothing is looked up. */
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { invitationLandingPage } from '../../../lib/pages/invitation-page.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/auth/invitation',
  page(),
  guard({ caller: anyone, limits: limit(api) }),
  (c) => respond(c, invitationLandingPage(c)),
);
