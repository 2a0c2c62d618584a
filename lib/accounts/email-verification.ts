/** Verifying the address of an account that was registered by password, from the API and from the pages alike. */
import { fragment } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { type FirstMembership, firstMembership } from './first-membership.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';
import {
  createVerification,
  enqueueVerification,
  type PresentedVerification,
  consumeVerification,
} from './verification.ts';
import { type Session, startSession } from '../sessions/session.ts';

/** Mails the email anew to an account whose address is not verified; the same work for everybody else. */
export async function mailVerification(
  { database, outbox, tokenSecret }: Pick<Services, 'database' | 'outbox' | 'tokenSecret'>,
  { userAgent, limits }: GuardedRequest<unknown, 'mailbox'>,
  { email, browserNonceHash }: { readonly email: string; readonly browserNonceHash?: Uint8Array },
): Promise<void> {
  const startedAt = performance.now();
  const verification = createVerification(
    { purpose: 'email-verification', email, browserNonceHash, userAgent },
    tokenSecret,
  );
  if (!limits.mailbox.exceeded) {
    await enqueueVerification(database.sql, verification, 'unverified accounts', {
      known: 'email-verification',
    });
  }
  outbox.wake();
  await equalizeTiming(startedAt);
}

/**
 * Uses the link or code up, marks the address as verified and starts a session: whoever reads the mailbox could sign in
 * by a mailed link as well.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`
 */
export async function verifyEmail(
  services: Pick<Services, 'database' | 'outbox' | 'tokenSecret'>,
  request: GuardedRequest,
  presented: PresentedVerification,
): Promise<Session> {
  const verified = await consumeVerification(
    services,
    'email-verification',
    presented,
    async (sql, { email }) => {
      const [account] = await sql<{ userId: string } & FirstMembership>`
      with verified as (
        update users set email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
        where email = ${email}
        returning id
      ), audited as (${auditEvent(
        'email.verified',
        request,
        fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from verified`,
      )}
      )
      select users.id as user_id, organization_id, role
      from verified as users ${firstMembership}`;
      if (!account) throw new Problem('verification-invalid');
      const start = { ...account, amr: ['otp'], passwordHash: null };
      const session = await startSession(sql, services, request, start);
      if (!session) throw new Problem('verification-invalid');
      return session;
    },
  );
  services.outbox.wake();
  return verified;
}
