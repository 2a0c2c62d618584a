/**
 * Makes the join link of an organization, in place of the one that there was: whoever has it and a verified address becomes a member.
 * It is told once. It can be kept to the addresses of one domain and to a number of people, and lives for 30 days at most.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { emailDomain } from '../../lib/http/email-domain-field.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { createJoinLink, toJoinUrl } from '../../lib/organizations/join-link.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Terms = z.strictObject({
  domain: z.optional(emailDomain),
  maximum_uses: z.optional(z.int().check(z.gte(1), z.lte(10_000))),
  expires_in_days: z.optional(z.int().check(z.gte(1), z.lte(30))),
});

export default createFunction('database').post(
  '/v1/organizations/:id/join-link',
  guard({ caller: user, membership: 'invitations:write', limits: limit(api), body: json(Terms) }),
  async (c) => {
    const { domain, maximum_uses, expires_in_days: days = 7 } = c.var.input;
    const terms = { domain, maximumUses: maximum_uses, days };
    const { token, expiresAt } = await createJoinLink(c.env, c.var.request, c.req.param('id'), terms);
    const url = toJoinUrl(c.env.settings.publicUrl, token);
    return c.json({ url, token, expires_at: expiresAt.toISOString() }, 201);
  },
);
