/** The audit trail: what happened to an account or an organization, written in the statement that does it. */
import type { AuditEventName } from '../../db/audit-event-names.ts';
import { fragment, type SqlFragment } from '../../db/sql.ts';
import { createUuid } from './uuid.ts';

/**
 * Writes an event for whom `subject` finds, as a part of a `with`; of nobody it writes nothing, and it has one id.
 *
 * @param subject a statement of at most one row with the columns user_id, organization_id and session_id
 *
 * @example sql`with ended as (...), audited as (${auditEvent('session.revoked', request, subject)}) select ...`
 */
export function auditEvent(
  event: AuditEventName,
  { requestId }: { readonly requestId: string },
  subject: SqlFragment,
): SqlFragment {
  return fragment`
      insert into audit_events (id, event, user_id, organization_id, session_id, request_id)
      select ${createUuid()}::uuid, ${event}::text, subject.user_id, subject.organization_id, subject.session_id,
        ${requestId}::text
      from (${subject}) as subject`;
}

/** Who acts by a command, and not by a request. */
export interface Operator {
  readonly name: string;
}

/**
 * As `auditEvent`, of what an operator does. It stands in the trail of the person whom it happens to, if it is one.
 *
 * @param target what kind of thing the column target_id is the id of
 * @param subject a statement of at most one row with the columns user_id, organization_id and target_id
 */
export function auditOperatorAct(
  event: AuditEventName,
  { name }: Operator,
  target: 'user' | 'organization',
  subject: SqlFragment,
): SqlFragment {
  return fragment`
      insert into audit_events (id, event, user_id, organization_id, actor_kind, actor_id, target_kind, target_id)
      select ${createUuid()}::uuid, ${event}::text, subject.user_id, subject.organization_id,
        'operator', ${name}::text, ${target}::text, subject.target_id
      from (${subject}) as subject`;
}

/** Who acts, and in which request. */
export interface Act {
  readonly requestId: string;
  /** Undefined for who has shown a mailed token and nothing else. */
  readonly caller: { readonly userId: string; readonly sessionId: string } | undefined;
}

/**
 * As `auditEvent`, of what a person does to an organization or to somebody else. It stands in the trail of whom it happens to,
 * and their export does not tell the session of whoever did it.
 *
 * @param target what kind of thing the column target_id is the id of
 * @param subject a statement of at most one row with the columns user_id, organization_id and target_id
 */
export function auditAct(
  event: AuditEventName,
  { requestId, caller }: Act,
  target: 'user' | 'organization' | 'invitation' | 'join_link' | 'api_key',
  subject: SqlFragment,
): SqlFragment {
  const userId = caller?.userId ?? null;
  const sessionId = caller?.sessionId ?? null;
  return fragment`
      insert into audit_events
        (id, event, user_id, organization_id, session_id, request_id, actor_kind, actor_id, target_kind, target_id)
      select ${createUuid()}::uuid, ${event}::text, subject.user_id, subject.organization_id,
        case when subject.user_id = ${userId}::uuid then ${sessionId}::uuid end, ${requestId}::text,
        ${caller ? 'user' : 'nobody'}::text, ${userId}::uuid::text, ${target}::text, subject.target_id
      from (${subject}) as subject`;
}
