/** The newest of what the audit trail has on somebody or something. */
import { type Sql } from '../../db/sql.ts';
import { toShortTime, toTime } from './output.ts';
import type { Table } from './table.ts';

interface Row {
  readonly event: string;
  readonly occurredAt: Date;
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly sessionId: string | null;
  readonly requestId: string | null;
  readonly actorKind: string | null;
  readonly actorId: string | null;
}

export interface ShownEvent {
  readonly event: string;
  readonly occurred_at: string;
  readonly user_id: string | null;
  readonly organization_id: string | null;
  readonly session_id: string | null;
  readonly request_id: string | null;
  readonly actor_kind: string | null;
  readonly actor_id: string | null;
}

const mostEvents = 20;

export async function readEventsOfUser(sql: Sql, userId: string): Promise<readonly ShownEvent[]> {
  const rows = await sql<Row>`
    select event, occurred_at, user_id, organization_id, session_id, request_id, actor_kind, actor_id
    from audit_events where user_id = ${userId}
    order by occurred_at desc, id desc limit ${mostEvents}::int`;
  return rows.map(toShown);
}

export async function readEventsOfOrganization(sql: Sql, id: string): Promise<readonly ShownEvent[]> {
  const rows = await sql<Row>`
    select event, occurred_at, user_id, organization_id, session_id, request_id, actor_kind, actor_id
    from audit_events where organization_id = ${id}
    order by xact desc, id desc limit ${mostEvents}::int`;
  return rows.map(toShown);
}

const toShown = (row: Row): ShownEvent => ({
  event: row.event,
  occurred_at: toTime(row.occurredAt),
  user_id: row.userId,
  organization_id: row.organizationId,
  session_id: row.sessionId,
  request_id: row.requestId,
  actor_kind: row.actorKind,
  actor_id: row.actorId,
});

export function toEventTable(events: readonly ShownEvent[]): Table {
  return {
    headings: ['WHEN', 'EVENT', 'BY', 'REQUEST'],
    rows: events.map((event) => [
      toShortTime(event.occurred_at),
      event.event,
      [event.actor_kind, event.actor_id].filter((part) => part !== null).join(' '),
      event.request_id ?? '',
    ]),
    cut: [2],
  };
}
