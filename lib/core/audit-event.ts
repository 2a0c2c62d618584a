/** The audit trail: what happened to an account, written in the statement that does it. */
import type { AuditEventName } from '../../db/schema.ts';
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
