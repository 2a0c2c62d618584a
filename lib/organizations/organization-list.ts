/** The organizations that a person is in. */
import type { Role } from '../../db/schema.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { isOnlyOwner } from './only-owner.ts';

export interface ListedOrganization extends OrganizationRow {
  /** Whether the session works in it. */
  readonly current: boolean;
  readonly isOnlyOwner: boolean;
}

interface Row {
  readonly id: string | null;
  readonly name: string | null;
  readonly slug: string | null;
  readonly role: Role | null;
  readonly current: boolean | null;
  readonly isOnlyOwner: boolean;
}

/**
 * Those that they have been in for longest first.
 *
 * @throws {Problem} `session-ended`
 */
export async function listOrganizations(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
): Promise<readonly ListedOrganization[]> {
  const rows = await database.sql<Row>`
    select membership.organization_id as id, name, slug, role,
      membership.organization_id is not distinct from live_sessions.organization_id as current, ${isOnlyOwner} as is_only_owner
    from live_sessions left join live_memberships as membership on membership.user_id = live_sessions.user_id
    where live_sessions.id = ${sessionId} and live_sessions.user_id = ${userId}
    order by membership.created_at, membership.organization_id`;
  if (rows.length === 0) throw new Problem('session-ended');
  return rows.filter(isListed);
}

/** Of a person who is in none there is one row, of nulls. */
const isListed = (row: Row): row is ListedOrganization => row.id !== null;
