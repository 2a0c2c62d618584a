/** The signed-in person and the organization that the session works in. */
import { type AccountRow, toOrganization, toUser } from '../../lib/account.ts';
import { user } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import type { Role } from '../../db/schema.ts';

interface MeRow extends AccountRow {
  readonly organizationId: string | null;
  readonly organizationName: string;
  readonly organizationSlug: string;
  readonly role: Role;
}

export default createFunction().get('/v1/me', guard({ caller: user, limits: limit(api) }), async (c) => {
  const { userId, sessionId } = c.var.caller;
  const [me] = await c.env.database.sql<MeRow>`
    select users.id, users.email, users.name, users.email_verified_at, users.created_at,
      organizations.id as organization_id, organizations.name as organization_name,
      organizations.slug as organization_slug, memberships.role
    from live_sessions
      join users on users.id = live_sessions.user_id
      left join memberships on memberships.user_id = users.id
        and memberships.organization_id = live_sessions.organization_id
      left join organizations on organizations.id = memberships.organization_id
    where live_sessions.id = ${sessionId} and users.id = ${userId}`;
  if (!me) throw new Problem('session-ended');
  const { organizationId, organizationName, organizationSlug, role } = me;
  return c.json({
    user: toUser(me),
    organization:
      organizationId === null
        ? null
        : toOrganization({ id: organizationId, name: organizationName, slug: organizationSlug, role }),
  });
});
