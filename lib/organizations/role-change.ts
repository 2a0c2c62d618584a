/** Another role for a member. */
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { lockOwner } from '../accounts/owner-lock.ts';
import { auditAct } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { callerMembership, permits, reaches, toId } from './caller-membership.ts';
import { endTokensOfMembers, type MemberTokens, toCommitTime } from '../sessions/token-revocation.ts';
import { endJoinLink } from './join-link-end.ts';
import { assertChanged, type MemberChangeOutcome } from './member-change.ts';
import { lockOrganization } from './organization-lock.ts';
import { ownsMost } from './owned-organizations.ts';

interface Outcome extends MemberChangeOutcome {
  /** Whether they would own more organizations than they can. */
  readonly isFull: boolean | null;
}

/**
 * Gives a member the role, which may be the caller themself. Nobody gives or takes away a role above their own, and nobody becomes
 * an owner who is disabled, of which nobody is told more than that they are not found. Whoever is taken the right to invite loses
 * the join link with it, which they may have kept, as who is removed does.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`, `last-owner`, `too-many-organizations`
 */
export async function changeRole(
  services: Pick<Services, 'database' | 'rateLimits'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  member: { readonly userId: string; readonly role: Role },
): Promise<void> {
  const startedAt = performance.now();
  const changed = { organizationId: toId(organizationId), userId: toId(member.userId) };
  const outcome = await services.database.transaction(async (sql) => {
    await lockOrganization(sql, changed.organizationId, request.caller.userId);
    if (member.role === 'owner') await lockOwner(sql, { userId: changed.userId, email: '' });
    return writeRole(sql, request, { ...changed, role: member.role });
  });
  assertChanged(outcome, 'members:write');
  if (outcome.isFull) throw new Problem('too-many-organizations');
  await endTokensOfMembers(services, [changed], toCommitTime(outcome.changedAt, startedAt));
}

async function writeRole(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { organizationId, userId, role }: MemberTokens & { readonly role: Role },
): Promise<Outcome | undefined> {
  const [outcome] = await sql<Outcome>`
    with caller as (${callerMembership(request.caller, organizationId)}
    ), decided as (
      select caller.role as caller_role, target.role as target_role,
        ${reaches(fragment`caller.role`, fragment`target.role`)}
          and ${reaches(fragment`caller.role`, fragment`${role}::text`)} as reaches,
        target.role = 'owner' and ${role}::text <> 'owner' and not exists (
          select from memberships
          where organization_id = ${organizationId} and role = 'owner' and user_id <> ${userId}
        ) as is_last_owner,
        target.role <> 'owner' and ${role}::text = 'owner' and ${ownsMost(fragment`target.user_id`)} as is_full
      from caller left join memberships as target
        on target.organization_id = ${organizationId} and target.user_id = ${userId} and (
          ${role}::text <> 'owner' or exists (select from users where id = ${userId} and disabled_at is null)
        )
    ), changed as (
      update memberships set role = ${role}
      from decided
      where organization_id = ${organizationId} and user_id = ${userId} and target_role <> ${role}::text
        and ${permits(fragment`caller_role`, 'members:write')} and reaches and not is_last_owner
        and not is_full
      returning user_id, organization_id
    ), audited as (${auditAct(
      'member.role_changed',
      request,
      'user',
      fragment`select user_id, organization_id, user_id as target_id from changed`,
    )}
    ), ${endJoinLink(
      request,
      fragment`
        select organization_id from changed cross join decided
        where user_id <> ${request.caller.userId}::uuid and ${permits(fragment`target_role`, 'invitations:write')}
          and not ${permits(fragment`${role}::text`, 'invitations:write')}`,
    )}
    select caller_role, target_role, reaches, is_last_owner, is_full, clock_timestamp() as changed_at from decided`;
  return outcome;
}
