/** What happened in an organization, for whoever may know. */
import {
  type AuditPage,
  type AuditQuery,
  type AuditRow,
  auditColumns,
  auditPage,
  toAuditPage,
} from '../core/audit-trail.ts';
import { fragment } from '../../db/sql.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  toId,
} from './caller-membership.ts';

/**
 * Oldest first; undefined where the query goes on from a position of another cluster.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`
 */
export async function readOrganizationTrail(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
  query: AuditQuery,
): Promise<AuditPage | undefined> {
  const id = toId(organizationId);
  const isTheirs = fragment`organization_id = ${id}
        and ${permits(fragment`(select role from caller)`, 'audit:read')}`;
  const [first, ...rest] = await database.sql<CallerMembership & AuditRow>`
    with caller as (${callerMembership(caller, id)}
    ), page as (${auditPage(isTheirs, query)}
    )
    select caller.role as caller_role, ${auditColumns}
    from caller cross join pg_control_system() as cluster left join page on true
    order by page.xact, page.id`;
  assertPermitted(first, 'audit:read');
  return first && toAuditPage([first, ...rest], query.after);
}
