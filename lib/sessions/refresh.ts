/** Refreshing a session: the next token pair for a refresh token (RFC 6749, section 6), by API and by cookie alike. */
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import type { EncryptedEmail } from '../mail/encryption.ts';
import { createNotification } from '../mail/notification.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import { Problem } from '../core/problem.ts';
import { hashNonce, type RefreshToken, verifyText } from '../security/refresh-token.ts';
import type { Services } from '../http/services.ts';
import type { Session } from './session.ts';

/**
 * The session with its next refresh token. The token before the newest one gets the same successor for 30 seconds, so
 * that a lost answer or two tabs log nobody out; an older one ends the session (RFC 9700, section 4.14.2), and its
 * owner is told by email.
 *
 * @throws {Problem} `refresh-token-invalid`, `refresh-token-reused`
 */
export async function refreshSession(
  { database, outbox, tokenSecret }: Pick<Services, 'database' | 'outbox' | 'tokenSecret'>,
  request: GuardedRequest,
  text: string,
): Promise<Session> {
  const token = verifyText(text, tokenSecret);
  if (!token) throw new Problem('refresh-token-invalid');
  const notification = createNotification('session-ended', request, tokenSecret);
  const session = await rotate(database.sql, token, request, notification);
  if (!session) throw new Problem('refresh-token-invalid');
  if (session.reused) {
    outbox.wake();
    throw new Problem('refresh-token-reused');
  }
  return session;
}

interface RotatedRow {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly role: Role | null;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly reused: boolean;
}

/**
 * One statement decides. All its parts see the row as it was when the statement began (PostgreSQL manual, 7.8.4), so of many
 * at once that present the newest token one rotates, and the others, whose update finds the counter moved on,
 * still see themselves as presenting the newest: they get the successor that the one made.
 */
async function rotate(
  sql: Sql,
  { sessionId, counter, nonce }: RefreshToken,
  request: GuardedRequest,
  notification: EncryptedEmail,
) {
  const [row] = await sql<RotatedRow>`
    with presented as (
      select *, counter > ${counter}::int + 1
        or (counter = ${counter}::int + 1 and rotated_at <= now() - interval '30 seconds') as reused
      from live_sessions
      where id = ${sessionId} and nonce_hash = ${hashNonce(nonce)} and counter >= ${counter}::int
    ), rotated as (
      update refresh_tokens set counter = counter + 1, rotated_at = now()
      where id = ${sessionId} and counter = ${counter}::int and revoked_at is null
        and exists (select from presented)
    ), revoked as (
      update refresh_tokens set revoked_at = now()
      where id = ${sessionId} and revoked_at is null and exists (select from presented where reused)
      returning id, user_id, organization_id
    ), notified as (${enqueueEmail(
      notification,
      fragment`
        select users.id as user_id, users.email as recipient
        from revoked join users on users.id = revoked.user_id`,
    )}
    ), audited as (${auditEvent(
      'session.refresh-token-reused',
      request,
      fragment`select user_id, organization_id, id as session_id from revoked`,
    )}
    )
    select presented.user_id, memberships.organization_id, memberships.role, amr, presented.created_at, reused
    from presented left join memberships using (organization_id, user_id)`;
  return row && { ...row, sessionId, nonce, counter: counter + 1 };
}
