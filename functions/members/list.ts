/**
 * The members of an organization, a page at a time, in an order that stays as it is while members come and go: whoever is one
 * from the first page to the last is listed once. `next` is what `after` is for the page that follows.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/http/caller.ts';
import { identifier } from '../../lib/http/identifier.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { parseInput } from '../../lib/http/input.ts';
import { limit } from '../../lib/http/limit.ts';
import { listMembers, type Member } from '../../lib/organizations/member-list.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Page = z.object({
  limit: z.optional(z.string().check(z.regex(/^(?:[1-9]\d?|100)$/, 'Must be a number from 1 to 100'))),
  after: z.optional(identifier),
});

export default createFunction('database').get(
  '/v1/organizations/:id/members',
  guard({ caller: user, membership: 'members:read', limits: limit(api) }),
  async (c) => {
    const { limit = 100, after } = parseInput(Page, c.req.query());
    const position = { limit: Number(limit), after };
    const { members, next } = await listMembers(c.env, c.var.request, c.req.param('id'), position);
    return c.json({ members: members.map(toMember), next });
  },
);

function toMember({ userId, email, name, role, joinedAt }: Member) {
  return { user_id: userId, email, name, role, joined_at: joinedAt.toISOString() };
}
