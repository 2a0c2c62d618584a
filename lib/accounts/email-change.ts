/** Another address for an account: confirmed from the new one, told to the old one. From the API and the pages alike. */
import { fragment, isUniqueViolation } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { createNotification } from '../mail/notification.ts';
import { Problem } from '../core/problem.ts';
import {
  createVerification,
  enqueueVerification,
  type PresentedVerification,
  consumeVerification,
} from './verification.ts';
import { reauthenticate } from './reauthenticate.ts';

export interface EmailChange {
  readonly email: string;
  /** Of the account, if it has one. */
  readonly password: string | undefined;
  readonly browserNonceHash?: Uint8Array;
}

/**
 * Mails a link to the new address, unless it has an account, and a notice to the old one. Nothing changes yet.
 *
 * @throws {Problem} as `reauthenticate` does
 */
export async function mailEmailChange(
  services: Pick<Services, 'database' | 'passwords' | 'outbox' | 'tokenSecret'>,
  request: GuardedRequest<Caller, 'account' | 'mailbox'>,
  { email, password, browserNonceHash }: EmailChange,
): Promise<void> {
  const { database, outbox, tokenSecret } = services;
  const { userAgent, limits } = request;
  const { userId } = request.caller;
  await reauthenticate(services, request, password);
  if (limits.mailbox.exceeded) return;
  const verification = createVerification(
    { purpose: 'email-change', email, userId, browserNonceHash, userAgent },
    tokenSecret,
  );
  const notification = createNotification('email-change-asked', request, tokenSecret);
  await database.transaction(async (sql) => {
    await enqueueVerification(sql, verification, 'newcomers', { known: 'email-change' });
    await sql`${enqueueEmail(
      notification,
      fragment`select id as user_id, email as recipient from users where id = ${userId}`,
    )}`;
  });
  outbox.wake();
}

/**
 * Uses the link or code up and changes the address, which is proven by it.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `email-taken`
 */
export async function confirmEmailChange(
  services: Pick<Services, 'database' | 'outbox' | 'tokenSecret'>,
  request: GuardedRequest,
  presented: PresentedVerification,
): Promise<void> {
  const notification = createNotification('email-changed', request, services.tokenSecret);
  const changed = consumeVerification(services, 'email-change', presented, async (sql, { email, userId }) => {
    const [changed] = await sql<{ id: string }>`
      with known as (
        select id, email from users where id = ${userId}
      ), changed as (
        update users set email = ${email}, email_verified_at = now(), updated_at = now()
        where id = ${userId} and not exists (select from users where email = ${email})
        returning id
      ), notified as (${enqueueEmail(
        notification,
        fragment`select id as user_id, known.email as recipient from known join changed using (id)`,
      )}
      ), audited as (${auditEvent(
        'email.changed',
        request,
        fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from changed`,
      )}
      )
      select id from changed`;
    if (!changed) throw new Problem('email-taken');
  });
  // An account that gets the address at the same moment is not there yet when the statement looks.
  await changed.catch((error: unknown) => {
    throw isUniqueViolation(error) ? new Problem('email-taken') : error;
  });
  services.outbox.wake();
}
