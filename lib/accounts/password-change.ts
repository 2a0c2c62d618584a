/** A new password against the current one, or the first of an account that had none; from the API and the page alike. */
import { fragment } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { revokeSessionsOf } from '../sessions/revoke-sessions.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { createNotification } from '../mail/notification.ts';
import { Problem } from '../core/problem.ts';
import { lockOwner } from './owner-lock.ts';
import { hashNewPassword } from './new-password.ts';
import { reauthenticate } from './reauthenticate.ts';
import { endTokensOfSessions, type RevokedSessions } from '../sessions/token-revocation.ts';

export interface PasswordChange {
  /** Of the account, if it has one. */
  readonly currentPassword: string | undefined;
  readonly newPassword: string;
}

/**
 * Sets the password, ends the person's other sessions and every mailed verification that waits, and tells the mailbox. A thief
 * who has asked for another address does not get it any more.
 *
 * @throws {Problem} as `reauthenticate` and `hashNewPassword` do
 */
export async function changePassword(
  services: Pick<Services, 'database' | 'passwords' | 'outbox' | 'rateLimits' | 'settings' | 'keyring'>,
  request: GuardedRequest<Caller, 'account'>,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  const { database, outbox, keyring } = services;
  const { userId, sessionId } = request.caller;
  const owner = await reauthenticate(services, request, currentPassword);
  const newHash = await hashNewPassword(services, { password: newPassword, field: 'new_password', owner });
  const notification = createNotification('password-changed', request, keyring);
  const changed = await database.transaction(async (sql) => {
    await lockOwner(sql, { userId, email: owner.email });
    const [ended] = await sql<RevokedSessions>`
    with changed as (
      update users set password_hash = ${newHash}, device_tokens_since = clock_timestamp(), updated_at = now()
      where id = ${userId} and password_hash is not distinct from ${owner.passwordHash}::text
      returning id, email
    ), revoked as (${revokeSessionsOf(fragment`select id from changed`, sessionId)}
    ), outdated as (${endVerifications(fragment`select id as user_id, email from changed`)}
    ), notified as (${enqueueEmail(
      notification,
      fragment`select id as user_id, email as recipient from changed`,
    )}
    ), audited as (${auditEvent(
      'password.changed',
      request,
      fragment`
        select id as user_id, null::uuid as organization_id, ${sessionId}::uuid as session_id from changed`,
    )}
    )
    select id as user_id, array(select id from revoked) as revoked_ids from changed`;
    return ended;
  });
  if (!changed) throw new Problem('password-incorrect');
  await endTokensOfSessions(services, changed);
  outbox.wake();
}
