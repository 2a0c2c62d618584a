/** The end of an organization, which an operator can take back for 30 days (`lib/core/retention.ts`). */
import { fragment, type Sql } from '../../db/sql.ts';
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
import { endTokensOfMembers, endTokensOfOrganization, toCommitTime } from '../sessions/token-revocation.ts';
import { lockOrganization } from './organization-lock.ts';

interface Row extends CallerMembership {
  readonly memberIds: readonly string[] | null;
  readonly changedAt: Date;
}

/**
 * From now on it is found nowhere, and its members' sessions are in none.
 *
 * @param slug of the organization, typed again
 * @throws {Problem} `not-found`, `permission-denied`, `invalid-input` for another slug
 */
export async function deleteOrganization(
  services: Pick<Services, 'database' | 'rateLimits'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  slug: string,
): Promise<void> {
  const startedAt = performance.now();
  const id = toId(organizationId);
  const row = await services.database.transaction(async (sql) => {
    await lockOrganization(sql, id, request.caller.userId);
    return markDeleted(sql, request, { id, slug });
  });
  assertPermitted(row, 'organization:delete');
  if (!row || row.memberIds === null) {
    const error = { pointer: '#/slug', code: 'invalid', detail: 'Must be the slug of this organization' };
    throw new Problem('invalid-input', { errors: [error] });
  }
  const members = row.memberIds.map((userId) => ({ organizationId: id, userId }));
  const at = toCommitTime(row.changedAt, startedAt);
  await Promise.all([endTokensOfMembers(services, members, at), endTokensOfOrganization(services, id, at)]);
}

async function markDeleted(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { id, slug }: { readonly id: string; readonly slug: string },
): Promise<Row | undefined> {
  const [row] = await sql<Row>`
    with caller as (${callerMembership(request.caller, id)}
    ), deleted as (
      update organizations set deleted_at = now(), updated_at = now()
      from caller
      where organizations.id = ${id} and deleted_at is null and slug = ${slug}
        and ${permits(fragment`caller.role`, 'organization:delete')}
      returning organizations.id, caller.user_id
    ), audited as (${auditAct(
      'organization.deleted',
      request,
      'organization',
      fragment`select user_id, id as organization_id, id as target_id from deleted`,
    )}
    )
    select caller.role as caller_role, (
      select array_agg(memberships.user_id) from memberships join deleted on deleted.id = organization_id
    ) as member_ids, clock_timestamp() as changed_at
    from caller`;
  return row;
}
