/** The end of a membership: by whoever may remove the member, or by leaving. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { callerMembership, permits, reaches, toId } from './caller-membership.ts';
import { endTokensOfMembers, type MemberTokens, toCommitTime } from '../sessions/token-revocation.ts';
import { endJoinLink } from './join-link-end.ts';
import { assertChanged, type MemberChangeOutcome } from './member-change.ts';
import { lockOrganization } from './organization-lock.ts';

/**
 * Removes a member whom the caller's role reaches, and with them the join link, which they may have kept; anybody may leave, but
 * the last owner. Their sessions work in it no more, so that its trail tells of them no more. Their personal API keys end for
 * good: else they would open again for who comes back, whoever has them by then.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`, `last-owner`
 */
export async function removeMember(
  services: Pick<Services, 'database' | 'rateLimits'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  memberId: string,
): Promise<void> {
  const startedAt = performance.now();
  const removed = { organizationId: toId(organizationId), userId: toId(memberId) };
  const isLeaving = removed.userId === request.caller.userId;
  const outcome = await services.database.transaction(async (sql) => {
    await lockOrganization(sql, removed.organizationId, request.caller.userId);
    return deleteMembership(sql, request, removed);
  });
  assertChanged(outcome, isLeaving ? 'members:read' : 'members:write');
  await endTokensOfMembers(services, [removed], toCommitTime(outcome.changedAt, startedAt));
}

async function deleteMembership(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { organizationId, userId }: MemberTokens,
): Promise<MemberChangeOutcome | undefined> {
  const isLeaving = userId === request.caller.userId;
  const [outcome] = await sql<MemberChangeOutcome>`
    with caller as (${callerMembership(request.caller, organizationId)}
    ), decided as (
      select caller.role as caller_role, target.role as target_role,
        ${reaches(fragment`caller.role`, fragment`target.role`)} as reaches,
        target.role = 'owner' and not exists (
          select from memberships
          where organization_id = ${organizationId} and role = 'owner' and user_id <> ${userId}
        ) as is_last_owner
      from caller left join memberships as target
        on target.organization_id = ${organizationId} and target.user_id = ${userId}
    ), removed as (
      delete from memberships using decided
      where organization_id = ${organizationId} and user_id = ${userId} and reaches and not is_last_owner
        and ${permits(fragment`caller_role`, isLeaving ? 'members:read' : 'members:write')}
      returning user_id, organization_id
    ), audited as (${auditAct(
      isLeaving ? 'member.left' : 'member.removed',
      request,
      'user',
      fragment`select user_id, organization_id, user_id as target_id from removed`,
    )}
    ), ended as (
      update api_keys set revoked_at = now() from removed
      where api_keys.organization_id = removed.organization_id and api_keys.user_id = removed.user_id and revoked_at is null
    ), moved as (
      update refresh_tokens set organization_id = null from removed
      where refresh_tokens.user_id = removed.user_id and refresh_tokens.organization_id = removed.organization_id
    ), ${endJoinLink(request, fragment`select organization_id from removed where not ${isLeaving}::boolean`)}
    select caller_role, target_role, reaches, is_last_owner, clock_timestamp() as changed_at from decided`;
  return outcome;
}
