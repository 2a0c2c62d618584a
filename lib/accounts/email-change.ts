/** Another address for an account: confirmed from the new one, told to the old one. From the API and the pages alike. */
import { fragment, isUniqueViolation } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { createNotification } from '../mail/notification.ts';
import { Problem } from '../core/problem.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import { consumeVerification } from './consumed-verification.ts';
import { createVerification, enqueueVerification } from './verification.ts';
import { revokeSessionsOf } from '../sessions/revoke-sessions.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { reauthenticate } from './reauthenticate.ts';
import { endTokensOfSessions } from '../sessions/token-revocation.ts';

export interface EmailChange {
  readonly email: string;
  /** Of the account, if it has one. */
  readonly password: string | undefined;
  readonly binding: string;
}

/**
 * Mails a link to the new address, unless it has an account, and a notification to the old one. Nothing changes yet, and
 * nothing will if the session that asks ends before.
 *
 * @throws {Problem} as `reauthenticate` does
 */
export async function mailEmailChange(
  services: Pick<Services, 'database' | 'passwords' | 'outbox' | 'keyring'>,
  request: GuardedRequest<Caller, 'account' | 'auth' | 'mailbox'>,
  { email, password, binding }: EmailChange,
): Promise<void> {
  const { database, outbox, keyring } = services;
  const { userAgent, acceptLanguage, limits } = request;
  const { userId, sessionId } = request.caller;
  await reauthenticate(services, request, password);
  const startedAt = performance.now();
  const mails = !limits.mailbox.exceeded;
  const verification = createVerification(
    { purpose: 'email-change', email, userId, sessionId, binding, userAgent, acceptLanguage },
    keyring,
  );
  const notification = createNotification('email-change-asked', request, keyring);
  await database.transaction(async (sql) => {
    await sql`${enqueueEmail(
      notification,
      fragment`select id as user_id, email as recipient from users where id = ${userId} and ${mails}::boolean`,
    )}`;
    await enqueueVerification(sql, verification, mails ? 'newcomers' : 'nobody', { known: 'email-change' });
  });
  await Promise.all([
    // Of an address that has an account, too: how many notifications come would tell which have one.
    limits.mailbox.settle(true),
    // What no success keeps. After the step the sender is at work, and what waits for Redis then waits for it too.
    limits.auth.settle(false),
    limits.account.settle(false),
  ]);
  await equalizeTiming(startedAt);
  outbox.wake();
}

/**
 * Uses the link or code up and changes the address of the caller, which is proven by it. It takes the account and the
 * session that asked, still alive: nobody confirms for a thief whose session was ended, nor for a stranger who wants their
 * mailbox. All other sessions end, and whatever else waits to be confirmed.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `account-disabled`, `email-taken`
 */
export async function confirmEmailChange(
  services: Pick<Services, 'database' | 'outbox' | 'rateLimits' | 'keyring'>,
  request: GuardedRequest<Caller>,
  presented: PresentedVerification,
): Promise<void> {
  const { userId, sessionId } = request.caller;
  const notification = createNotification('email-changed', request, services.keyring);
  const changed = consumeVerification(services, request, 'email-change', presented, async (sql, asked) => {
    const [outcome] = await sql<{ allowed: boolean; changed: boolean; revokedIds: readonly string[] }>`
      with known as (
        select id, email from users
        where id = ${userId} and id = ${asked.userId}
          and exists (select from live_sessions where id = ${sessionId} and user_id = users.id)
          and exists (select from live_sessions where id = ${asked.sessionId} and user_id = users.id)
      ), changed as (
        update users set email = ${asked.email}, email_verified_at = now(), device_tokens_since = clock_timestamp(),
          updated_at = now()
        where id in (select id from known) and not exists (select from users where email = ${asked.email})
        returning id
      ), revoked as (${revokeSessionsOf(fragment`select id from changed`, sessionId)}
      ), outdated as (${endVerifications(
        fragment`select id as user_id, known.email as email from known join changed using (id)`,
      )}
      ), notified as (${enqueueEmail(
        notification,
        fragment`select id as user_id, known.email as recipient from known join changed using (id)`,
      )}
      ), audited as (${auditEvent(
        'email.changed',
        request,
        fragment`
          select id as user_id, null::uuid as organization_id, ${sessionId}::uuid as session_id from changed`,
      )}
      )
      select exists (select from known) as allowed, exists (select from changed) as changed,
        array(select id from revoked) as revoked_ids`;
    if (!outcome?.allowed) throw new Problem('verification-invalid');
    if (!outcome.changed) throw new Problem('email-taken');
    return { userId, revokedIds: outcome.revokedIds };
  });
  // An account that gets the address at the same moment is not there yet when the statement looks.
  const ended = await changed.catch((error: unknown) => {
    throw isUniqueViolation(error) ? new Problem('email-taken') : error;
  });
  await endTokensOfSessions(services, ended);
  services.outbox.wake();
}
