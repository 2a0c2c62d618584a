/** An organization handed over: another member becomes its owner, and who was it an admin. */
import { fragment, type Sql } from '../../db/sql.ts';
import { lockOwner } from '../accounts/owner-lock.ts';
import { auditAct } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  toId,
} from './caller-membership.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { endTokensOfMembers, type MemberTokens, toCommitTime } from '../sessions/token-revocation.ts';
import { lockOrganization } from './organization-lock.ts';
import { ownsMost } from './owned-organizations.ts';
import { prepareTransferEmails, type TransferEmails } from './transfer-emails.ts';

interface Row extends CallerMembership {
  /** And can sign in. */
  readonly isMember: boolean;
  readonly isFull: boolean;
  readonly changedAt: Date;
}

/**
 * Both in one statement, which writes an email to each of the two as well, if nothing but a proven address stands against it.
 *
 * @param userId the next owner
 * @throws {Problem} `not-found`, `permission-denied`, `invalid-input` for oneself, who is no member or who is disabled, of which
 * nobody is told more; `too-many-organizations` for who owns as many as they can
 */
export async function transferOwnership(
  services: Pick<Services, 'database' | 'outbox' | 'rateLimits' | 'keyring'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  userId: string,
): Promise<void> {
  const startedAt = performance.now();
  const id = toId(organizationId);
  const from = request.caller.userId;
  const transfer = { organizationId: id, userId };
  const emails = await prepareTransferEmails(services, request.caller, transfer);
  const written = services.database.transaction(async (sql) => {
    await lockOrganization(sql, id, from);
    await lockOwner(sql, { userId, email: '' });
    return toWritten(await writeOwner(sql, request, transfer, emails), userId === from);
  });
  const { changedAt } = await written.catch(async (error: unknown) => {
    await emails.refund();
    throw error;
  });
  services.outbox.wake();
  const changed = [from, userId].map((each) => ({ organizationId: id, userId: each }));
  await endTokensOfMembers(services, changed, toCommitTime(changedAt, startedAt));
}

function toWritten(row: Row | undefined, isToOneself: boolean): Row {
  assertPermitted(row, 'organization:delete');
  if (isToOneself || !row?.isMember) {
    const error = { pointer: '#/user_id', code: 'invalid', detail: 'Must be another member' };
    throw new Problem('invalid-input', { errors: [error] });
  }
  if (row.isFull) throw new Problem('too-many-organizations');
  return row;
}

async function writeOwner(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { organizationId, userId }: MemberTokens,
  { handedOver, received, mailsNewOwner }: TransferEmails,
): Promise<Row | undefined> {
  const [row] = await sql<Row>`
    with caller as (${callerMembership(request.caller, organizationId)}
    ), target as (
      select user_id, role <> 'owner' and ${ownsMost(fragment`memberships.user_id`)} as is_full
      from memberships join users on users.id = user_id and disabled_at is null
      where organization_id = ${organizationId} and user_id = ${userId} and user_id <> ${request.caller.userId}
    ), transferred as (
      update memberships set role = case when memberships.user_id = target.user_id then 'owner' else 'admin' end
      from caller cross join target
      where organization_id = ${organizationId} and memberships.user_id in (caller.user_id, target.user_id)
        and ${permits(fragment`caller.role`, 'organization:delete')} and not is_full
      returning memberships.user_id, organization_id, target.user_id as target_id
    ), audited as (${auditAct(
      'organization.transferred',
      request,
      'user',
      fragment`select user_id, organization_id, target_id from transferred where user_id <> target_id`,
    )}
    ), proven as (
      select users.id as user_id, email as recipient, users.id = target_id as is_new_owner
      from transferred join users on users.id = user_id and email_verified_at is not null
    ), told as (${enqueueEmail(
      handedOver,
      fragment`select user_id, recipient from proven where not is_new_owner`,
    )}
    ), told_new_owner as (${enqueueEmail(
      received,
      fragment`select user_id, recipient from proven where is_new_owner and ${mailsNewOwner}::boolean`,
    )}
    )
    select role as caller_role, exists (select from target) as is_member,
      exists (select from target where is_full) as is_full, clock_timestamp() as changed_at
    from caller`;
  return row;
}
