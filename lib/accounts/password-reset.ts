/** A forgotten password: the email, and the new password against it. From the API and from the pages alike. */
import { fragment } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { DeviceTokenGrounds } from '../http/device-token.ts';
import type { AuthorizationRequest } from '../http/authorization-request.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { revokeSessionsOf } from '../sessions/revoke-sessions.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { createNotification } from '../mail/notification.ts';
import { Problem } from '../core/problem.ts';
import { assertUnrelated, hashNewPassword } from './new-password.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import type { Grant } from './grant.ts';
import { consumeVerification } from './consumed-verification.ts';
import { endEarlierKeys } from './earlier-keys.ts';
import { readMailbox } from './verification.ts';
import { requestVerification } from './request-verification.ts';
import { endTokensOfSessions, type RevokedSessions } from '../sessions/token-revocation.ts';

/** Mails the email to an account, one without a password too; the same work for an address without one. */
export async function mailPasswordReset(
  services: Pick<Services, 'database' | 'outbox' | 'keyring'>,
  request: GuardedRequest<unknown, 'mailbox'>,
  client: { readonly email: string; readonly binding: string } & AuthorizationRequest,
): Promise<void> {
  await requestVerification(
    services,
    request,
    { ...client, purpose: 'password-reset' },
    { audience: 'accounts', templates: { known: 'password-reset' } },
  );
}

/**
 * Sets the password, ends every session of the account and every mailed verification that waits, and tells by email: a thief
 * who has asked for another address does not get it any more. API keys go on, but those of an address that nobody had proven.
 * The mailbox is proven by it, and the client that reads it may be known from then on, so that strangers' guesses don't keep the
 * new password out.
 *
 * @throws {Problem} as `hashNewPassword` does, `verification-invalid`, `verification-used`, `verification-expired`,
 * `account-disabled`
 */
export async function resetPassword<Given>(
  services: Pick<Services, 'database' | 'passwords' | 'outbox' | 'rateLimits' | 'settings' | 'keyring'>,
  request: GuardedRequest,
  presented: PresentedVerification,
  newPassword: string,
  grant: Grant<Given, { readonly userId: string }>,
): Promise<{ readonly granted: Given; readonly grounds: DeviceTokenGrounds }> {
  const { database, outbox, keyring } = services;
  const email = await readMailbox(database.sql, 'password-reset', presented);
  const wanted = { password: newPassword, field: 'new_password' } as const;
  const passwordHash = await hashNewPassword(services, { ...wanted, owner: { email } });
  const notification = createNotification('password-changed', request, keyring);
  const reset = await consumeVerification(
    services,
    request,
    'password-reset',
    presented,
    async (sql, verification) => {
      const { email } = verification;
      const [changed] = await sql<
        { name: string | null; since: Date; wasUnproven: boolean } & RevokedSessions
      >`
      with unproven as (
        select id from users where email = ${email} and email_verified_at is null
      ), changed as (
        update users
        set password_hash = ${passwordHash}, email_verified_at = coalesce(email_verified_at, now()),
          device_tokens_since = clock_timestamp(), updated_at = now()
        where email = ${email}
        returning id, email, name, device_tokens_since
      ), revoked as (${revokeSessionsOf(fragment`select id from changed`)}
      ), outdated as (${endVerifications(fragment`select id as user_id, email from changed`)}
      ), notified as (${enqueueEmail(
        notification,
        fragment`select id as user_id, email as recipient from changed`,
      )}
      ), audited as (${auditEvent(
        'password.reset',
        request,
        fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from changed`,
      )}
      ), proven as (${auditEvent(
        'email.verified',
        request,
        fragment`
          select id as user_id, null::uuid as organization_id, null::uuid as session_id
          from unproven join changed using (id)`,
      )}
      )
      select id as user_id, name, device_tokens_since as since, array(select id from revoked) as revoked_ids,
        exists (select from unproven) as was_unproven
      from changed`;
      if (!changed) throw new Problem('verification-invalid');
      // Only now: whoever has no more than a guess of the code does not learn whose account it is.
      await assertUnrelated(services, { ...wanted, owner: changed });
      const grounds = { email, issuedAt: changed.since, since: changed.since };
      const revokedKeys = changed.wasUnproven ? await endEarlierKeys(sql, changed.userId) : [];
      const ended = { ...changed, revokedKeys };
      return { granted: await grant(sql, changed, verification), grounds, ended };
    },
  );
  await endTokensOfSessions(services, reset.ended);
  outbox.wake();
  return reset;
}
