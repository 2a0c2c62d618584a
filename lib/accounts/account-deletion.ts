/** The end of an account, from the API and the page alike. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { reauthenticate } from './reauthenticate.ts';
import { endTokensOfUser } from '../sessions/token-revocation.ts';

/**
 * Deletes the account, its sessions and whatever belongs to nobody else. An organization goes too when nobody else is
 * in it; where others are and no other owner is, the account stays, unless the organization is deleted already. Invitations to
 * the person go, and those that they sent stay the organization's. A link that waits in the mailbox ends, for it would open another
 * account.
 *
 * @throws {Problem} as `reauthenticate` does, and `organization-has-members`
 */
export async function deleteAccount(
  services: Pick<Services, 'database' | 'passwords' | 'rateLimits'>,
  request: GuardedRequest<Caller, 'account'>,
  password: string | undefined,
): Promise<void> {
  const { userId } = request.caller;
  const { passwordHash } = await reauthenticate(services, request, password);
  const deletedIds = await services.database.transaction(async (sql) => {
    const organizationIds = await deleteOwnOrganizations(sql, userId);
    const [deleted] = await sql<{ id: string }>`
      with deleted as (
        delete from users where id = ${userId} and password_hash is not distinct from ${passwordHash}::text
        returning id, email, email_verified_at
      ), forgotten as (
        -- Of an address that nobody has proven they may be somebody else's.
        delete from invitations using deleted
        where accepted_by = deleted.id or (invitations.email = deleted.email and email_verified_at is not null)
      ), outdated as (${endVerifications(
        fragment`select id as user_id, email from deleted where email_verified_at is not null`,
      )}
      )
      ${auditEvent(
        'account.deleted',
        request,
        fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from deleted`,
      )}
      returning id`;
    if (!deleted) throw new Problem('session-ended');
    return organizationIds;
  });
  await endTokensOfUser(services, userId, deletedIds);
}

/**
 * Deletes what belongs to nobody but the person. Of two owners who leave at once, the lock lets the second see that the first is
 * gone; and nobody hands an organization over to who is leaving it.
 *
 * @returns the ids of what went
 * @throws {Problem} `organization-has-members`
 */
export async function deleteOwnOrganizations(sql: Sql, userId: string): Promise<readonly string[]> {
  await sql`
    select from organizations
    where id in (select organization_id from memberships where user_id = ${userId})
    order by id for update`;
  const [left] = await sql<{ deletedIds: readonly string[]; orphaned: boolean }>`
    with owned as (
      select organization_id,
        count(*) as members,
        count(*) filter (where role = 'owner' and user_id <> ${userId}) as other_owners
      from memberships
      where organization_id in (select organization_id from memberships where user_id = ${userId} and role = 'owner')
      group by organization_id
    ), emptied as (
      delete from organizations where id in (select organization_id from owned where members = 1)
      returning id
    )
    select array(select id from emptied) as deleted_ids, exists (
      select from owned join organizations on organizations.id = organization_id
      where members > 1 and other_owners = 0 and deleted_at is null
    ) as orphaned`;
  if (left?.orphaned) throw new Problem('organization-has-members');
  return left?.deletedIds ?? [];
}
