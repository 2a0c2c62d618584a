/**
 * Makes the join link of an organization, in place of the one that there was, and shows it this once: the same form, sent again, makes
 * no other one and shows none.
 */
import * as z from 'zod/mini';
import { createUuid } from '../../../lib/core/uuid.ts';
import { emailDomain } from '../../../lib/http/email-domain-field.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { createJoinLinkOnce, toJoinUrl } from '../../../lib/organizations/join-link.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { madeJoinLinkPage, refusedJoinLinkPage } from '../../../lib/pages/join-link-part.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Terms = z.object({
  organization_id: identifier,
  // A form of the release before has none.
  form_id: z._default(identifier, createUuid),
  domain: z.optional(emailDomain),
  maximum_uses: z.optional(
    z.string().check(z.regex(/^(?:[1-9]\d{0,3}|10000)$/, 'Must be a number from 1 to 10000')),
  ),
  expires_in_days: z.enum(['1', '7', '30']),
});

export default createFunction('database').post(
  '/organization/join-link',
  page(refusedJoinLinkPage, '/organization/invitations'),
  guard({ caller: browserUser, limits: limit(api), body: form(Terms) }),
  async (c) => {
    const { organization_id, form_id, domain, maximum_uses, expires_in_days } = c.var.input;
    const maximumUses = maximum_uses === undefined ? undefined : Number(maximum_uses);
    const terms = { formId: form_id, domain, maximumUses, days: Number(expires_in_days) };
    const link = await createJoinLinkOnce(c.env, c.var.request, organization_id, terms);
    return respond(c, madeJoinLinkPage(c, link && toJoinUrl(c.env.settings.publicUrl, link.token)));
  },
);
