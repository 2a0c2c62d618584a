/** Whose account a session is, for the API and the pages alike. */
import type { Role } from '../../db/schema.ts';
import { type AccountRow, type OrganizationRow } from './account.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';

export interface SignedInAccount extends AccountRow {
  readonly hasPassword: boolean;
  /** The one that the session works in, unless the person has left it. */
  readonly organization: OrganizationRow | null;
}

interface Row extends AccountRow {
  readonly hasPassword: boolean;
  readonly organizationId: string | null;
  readonly organizationName: string | null;
  readonly organizationSlug: string | null;
  readonly role: Role | null;
}

/** @throws {Problem} `session-ended` */
export async function readSignedInAccount(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
): Promise<SignedInAccount> {
  const [row] = await database.sql<Row>`
    select users.id, users.email, users.name, users.locale, users.email_verified_at, users.created_at,
      users.password_hash is not null as has_password,
      organizations.id as organization_id, organizations.name as organization_name,
      organizations.slug as organization_slug, memberships.role
    from live_sessions
      join users on users.id = live_sessions.user_id
      left join memberships on memberships.user_id = users.id
        and memberships.organization_id = live_sessions.organization_id
      left join organizations on organizations.id = memberships.organization_id
    where live_sessions.id = ${sessionId} and users.id = ${userId}`;
  if (!row) throw new Problem('session-ended');
  const { organizationId, organizationName, organizationSlug, role, ...account } = row;
  // Who left the organization has none of the four.
  if (organizationId === null || organizationName === null || organizationSlug === null || role === null) {
    return { ...account, organization: null };
  }
  const organization = { id: organizationId, name: organizationName, slug: organizationSlug, role };
  return { ...account, organization };
}
