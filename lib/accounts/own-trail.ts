/** What happened to a person, and what they did to others. */
import {
  type AuditPage,
  type AuditQuery,
  type AuditRow,
  auditColumns,
  auditPage,
  ofPerson,
  toAuditPage,
} from '../core/audit-trail.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';

/**
 * Oldest first; undefined where the query goes on from a position of another cluster.
 *
 * @throws {Problem} `session-ended`
 */
export async function readOwnTrail(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
  query: AuditQuery,
): Promise<AuditPage | undefined> {
  const [first, ...rest] = await database.sql<AuditRow>`
    with page as (${auditPage(ofPerson(userId), query)}
    )
    select ${auditColumns}
    from live_sessions cross join pg_control_system() as cluster left join page on true
    where live_sessions.id = ${sessionId} and live_sessions.user_id = ${userId}
    order by page.xact, page.id`;
  if (!first) throw new Problem('session-ended');
  return toAuditPage([first, ...rest], query.after);
}
