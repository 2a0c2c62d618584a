/**
 * The audit trail, page by page, so that whoever reads on misses nothing. Rows become visible in another order than they get
 * their ids in: a transaction that began early may commit late. So what is served was written by transactions before which
 * none is under way any more, in the order of their numbers, and no row can come to stand before the last that was served.
 */
import type { AuditEventName } from '../../db/audit-event-names.ts';
import { fragment, type SqlFragment } from '../../db/sql.ts';
import type { AuditPosition } from './audit-cursor.ts';

export interface AuditQuery {
  /** At most so many events. */
  readonly limit: number;
  /** What the page before ended with. */
  readonly after?: AuditPosition | undefined;
  readonly event?: AuditEventName | undefined;
}

/** An event as a statement reads it; of an empty page there is one row, of nulls. */
export interface AuditRow {
  readonly systemId: string;
  readonly xact: string | null;
  readonly id: string | null;
  readonly occurredAt: Date | null;
  readonly event: string | null;
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly sessionId: string | null;
  readonly requestId: string | null;
  readonly actorKind: string | null;
  readonly actorId: string | null;
  readonly targetKind: string | null;
  readonly targetId: string | null;
}

type Read = { readonly [Name in 'xact' | 'id' | 'event']: string } & { readonly occurredAt: Date };
export type AuditedEvent = AuditRow & Read;

export interface AuditPage {
  readonly events: readonly AuditedEvent[];
  /** Where to read on, also where nothing has happened yet. */
  readonly next: AuditPosition;
}

/** The page as rows of audit_events, for a `with`. @param scope a condition on them */
export function auditPage(scope: SqlFragment, { limit, after, event }: AuditQuery): SqlFragment {
  const { xact, id } = after ?? beforeAll;
  return fragment`
      select * from audit_events
      where ${scope} and xact < pg_snapshot_xmin(pg_current_snapshot()) and (xact, id) > (${xact}::xid8, ${id}::uuid)
        and (${event ?? null}::text is null or replace(event, '-', '_') = ${event ?? null}::text)
      order by xact, id
      limit ${limit}::int`;
}

/** What an `AuditRow` has, of rows `page` and `cluster`. */
export const auditColumns = fragment`coalesce(cluster.system_identifier::text, '0') as system_id, page.xact::text as xact, page.id,
      page.occurred_at, page.event, page.user_id, page.organization_id, page.session_id, page.request_id,
      page.actor_kind, page.actor_id, page.target_kind, page.target_id`;

/** What happened to a person, and what they did to others. */
export function ofPerson(userId: string): SqlFragment {
  return fragment`(user_id = ${userId} or (actor_id = ${userId}::uuid::text and actor_kind = 'user'))`;
}

/** Undefined where the position is of another cluster, in which transactions were counted otherwise. */
export function toAuditPage(
  rows: readonly [AuditRow, ...AuditRow[]],
  after: AuditPosition | undefined,
): AuditPage | undefined {
  const [{ systemId }] = rows;
  if (after && after.systemId !== systemId) return undefined;
  const events = rows.filter(isEvent);
  const { xact, id } = events.at(-1) ?? after ?? beforeAll;
  return { events, next: { systemId, xact, id } };
}

const isEvent = (row: AuditRow): row is AuditedEvent => row.id !== null;
const beforeAll = { xact: '0', id: '00000000-0000-0000-0000-000000000000' };
