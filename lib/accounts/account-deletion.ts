/** The end of an account, from the API and the page alike. */
import { type Database, fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { lockOwner } from './owner-lock.ts';
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
  const deletedIds = await deleteWithOwnOrganizations(services.database, userId, async (sql) => {
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
  });
  await endTokensOfUser(services, userId, deletedIds);
}

/**
 * Deletes what belongs to nobody but the person, and their row. Of two owners who leave at once, the locks let the second see
 * that the first is gone; and nobody makes an organization, joins one or is handed one over who is leaving.
 *
 * @param deleteRow in the same transaction
 * @returns the ids of the organizations that went
 * @throws {Problem} `organization-has-members`
 */
export async function deleteWithOwnOrganizations(
  { transaction }: Pick<Database, 'transaction'>,
  userId: string,
  deleteRow: (sql: Sql) => Promise<void>,
): Promise<readonly string[]> {
  for (;;) {
    const deletedIds = await transaction(async (sql) => {
      if (!(await lockMemberships(sql, userId))) return undefined;
      const organizationIds = await deleteOwnOrganizations(sql, userId);
      await deleteRow(sql);
      return organizationIds;
    });
    if (deletedIds) return deletedIds;
  }
}

/**
 * The organizations first and then the person, as whoever joins one does: the other way round two would wait for each other.
 *
 * @returns whether all are locked: while this waited for the person they may have got another one, and then it is to begin anew
 */
async function lockMemberships(sql: Sql, userId: string): Promise<boolean> {
  const locked = await sql<{ id: string }>`
    select id from organizations
    where id in (select organization_id from memberships where user_id = ${userId})
    order by id for no key update`;
  await lockOwner(sql, { userId, email: '' });
  const later = await sql<{ organizationId: string }>`
    select organization_id from memberships
    where user_id = ${userId} and organization_id <> all (${locked.map(({ id }) => id)}::uuid[])`;
  return later.length === 0;
}

async function deleteOwnOrganizations(sql: Sql, userId: string): Promise<readonly string[]> {
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
