/** Whose account a session is, for the API and the pages alike. */
import type { Role } from '../../db/schema.ts';
import { createLookUp, type Keyed } from '../../db/look-up.ts';
import { type AccountRow, type OrganizationRow } from './account.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';

export interface SignedInAccount extends AccountRow {
  readonly hasPassword: boolean;
  /** The one that the session works in, unless the person has left it or it is deleted. */
  readonly organization: OrganizationRow | null;
}

interface Row extends AccountRow, Keyed {
  readonly hasPassword: boolean;
  readonly organizationId: string | null;
  readonly organizationName: string | null;
  readonly organizationSlug: string | null;
  readonly role: Role | null;
}

/** By the session, as long as it lives. */
const findAccount = createLookUp(
  (sql, sessionIds) => sql<Row>`
    select found.* from string_to_table(${sessionIds.join(',')}, ',') as asked (id) cross join lateral (
      select live_sessions.id as key, users.id, users.email, users.name, users.locale, users.email_verified_at, users.created_at,
        users.password_hash is not null as has_password,
        membership.organization_id, membership.name as organization_name,
        membership.slug as organization_slug, membership.role
      from live_sessions
        join users on users.id = live_sessions.user_id
        left join live_memberships as membership on membership.user_id = users.id
          and membership.organization_id = live_sessions.organization_id
      where live_sessions.id = asked.id::uuid
      limit 1
    ) as found`,
);

/** @throws {Problem} `session-ended` */
export async function readSignedInAccount(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
): Promise<SignedInAccount> {
  const row = await findAccount(database, sessionId);
  if (row?.id !== userId) throw new Problem('session-ended');
  return { ...row, organization: toOrganizationRow(row) };
}

function toOrganizationRow(row: Row): OrganizationRow | null {
  const { organizationId: id, organizationName: name, organizationSlug: slug, role } = row;
  // Who is in it no more has none of the four.
  return id === null || name === null || slug === null || role === null ? null : { id, name, slug, role };
}
