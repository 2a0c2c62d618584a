/** The organization that a sign-in starts in: the one that the person has been in for longest. */
import type { Role } from '../../db/schema.ts';
import { fragment } from '../../db/sql.ts';

export interface FirstMembership {
  readonly organizationId: string | null;
  readonly role: Role | null;
  /** When they were read, or before it. */
  readonly asOf: Date;
}

/** Joined to `users`; its columns are organization_id and role, null for who is in none. `now() as as_of` goes with them. */
export const firstMembership = fragment`
  left join lateral (
    select organization_id, role from live_memberships
    where live_memberships.user_id = users.id
    order by live_memberships.created_at, organization_id
    limit 1
  ) as membership on true`;
