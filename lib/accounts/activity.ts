/** What happened to a person and what they did, newest first, as they read it on a page. */
import type { AuditEventName, formerAuditEventNames } from '../../db/audit-event-names.ts';
import { ofPerson } from '../core/audit-trail.ts';
import { Problem } from '../core/problem.ts';
import { isUuid } from '../core/uuid.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';

export interface Activity {
  readonly id: string;
  readonly event: AuditEventName | (typeof formerAuditEventNames)[number];
  readonly occurredAt: Date;
  /** Whether it happened to somebody else, by the person. */
  readonly toAnother: boolean;
  readonly byOperator: boolean;
  /** Of the session that it was done in, as long as that is kept. */
  readonly userAgent: string | null;
  readonly address: string | null;
  /** Where it was done in one that the person is in. */
  readonly organization: string | null;
}

export interface ActivityPage {
  readonly activities: readonly Activity[];
  /** What `before` is for what is older; null where nothing is. */
  readonly older: string | null;
}

type Row = { readonly [Name in keyof Activity]: Activity[Name] | null };

const pageLength = 50;

/**
 * @param before the id that the page before ended with; what is none of theirs counts for nothing
 * @throws {Problem} `session-ended`
 */
export async function readActivity(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
  before: string | undefined,
): Promise<ActivityPage> {
  const last = before !== undefined && isUuid(before) ? before : null;
  const rows = await database.sql<Row>`
    with page as (
      select id, event, occurred_at, session_id, organization_id, user_id is distinct from ${userId}::uuid as to_another,
        coalesce(actor_kind = 'operator', false) as by_operator
      from audit_events
      where ${ofPerson(userId)} and coalesce((occurred_at, id) < (
          select occurred_at, id from audit_events where id = ${last}::uuid and ${ofPerson(userId)}
        ), true)
      order by occurred_at desc, id desc
      limit ${pageLength + 1}::int
    )
    select page.id, event, occurred_at, to_another, by_operator, session.user_agent, host(session.address) as address,
      membership.name as organization
    from live_sessions left join page on true
      left join refresh_tokens as session on session.id = page.session_id and session.user_id = live_sessions.user_id
      left join live_memberships as membership
        on membership.organization_id = page.organization_id and membership.user_id = live_sessions.user_id
    where live_sessions.id = ${sessionId} and live_sessions.user_id = ${userId}
    order by occurred_at desc, page.id desc`;
  if (rows.length === 0) throw new Problem('session-ended');
  const activities = rows.slice(0, pageLength).filter(isActivity);
  return { activities, older: rows.length > pageLength ? (activities.at(-1)?.id ?? null) : null };
}

/** Behind the last page there is one row, of nulls. */
const isActivity = (row: Row): row is Activity => row.id !== null;
