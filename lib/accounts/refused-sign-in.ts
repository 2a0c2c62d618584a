/** Refused sign-ins in the audit trail. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';

/** In an hour, of all accounts together: enough to see an attack by, and no way to fill the disk. */
const mostRefusalsPerHour = 1000;

/** An address without an account is written down, too, without the address: the work tells nothing. */
export async function auditRefusedSignIn(sql: Sql, request: GuardedRequest, email: string): Promise<void> {
  await sql`${auditEvent(
    'sign_in.refused',
    request,
    fragment`
      select (select id from users where email = ${email}) as user_id, null::uuid as organization_id,
        null::uuid as session_id
      where (
        select count(*) from (
          select from audit_events where event = 'sign_in.refused' and occurred_at > now() - interval '1 hour'
          limit ${mostRefusalsPerHour}::int
        ) as recent
      ) < ${mostRefusalsPerHour}::int`,
  )}`;
}
