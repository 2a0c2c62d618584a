/** The organization that a session works in, and what whoever asks is in it: what its pages are about. */
import type { Role } from '../../db/schema.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { isOnlyOwner } from './only-owner.ts';

export interface CurrentOrganization extends OrganizationRow {
  readonly isOnlyOwner: boolean;
  /** Whether the caller has proven their address, which who invites needs. */
  readonly isVerified: boolean;
}

interface Row {
  readonly id: string | null;
  readonly name: string | null;
  readonly slug: string | null;
  readonly role: Role | null;
  readonly isOnlyOwner: boolean;
  readonly isVerified: boolean;
}

/**
 * Undefined for a session that is in none.
 *
 * @throws {Problem} `session-ended`
 */
export async function readCurrentOrganization(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
): Promise<CurrentOrganization | undefined> {
  const [row] = await database.sql<Row>`
    select membership.organization_id as id, membership.name, slug, role, ${isOnlyOwner} as is_only_owner,
      email_verified_at is not null as is_verified
    from live_sessions join users on users.id = live_sessions.user_id
      left join live_memberships as membership on membership.user_id = users.id
        and membership.organization_id = live_sessions.organization_id
    where live_sessions.id = ${sessionId} and users.id = ${userId}`;
  if (!row) throw new Problem('session-ended');
  return isCurrent(row) ? row : undefined;
}

const isCurrent = (row: Row): row is CurrentOrganization => row.id !== null;
