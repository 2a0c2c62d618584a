/** Verifying the address of an account that was registered by password, from the API and from the pages alike. */
import type { Context } from 'hono';
import type { Role } from '../../db/schema.ts';
import { clientAddressOf } from '../http/client-address.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedEnv } from '../http/guard.ts';
import { Problem } from '../core/problem.ts';
import {
  createVerification,
  enqueueVerification,
  type PresentedVerification,
  consumeVerification,
} from './verification.ts';
import { mailbox } from '../rate-limit/policies.ts';
import { type Session, startSession } from '../sessions/session.ts';
import { createUuid } from '../core/uuid.ts';

/** Mails the email anew to an account whose address is not verified; the same work for everybody else. */
export async function mailVerification<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  { email, browserNonceHash }: { readonly email: string; readonly browserNonceHash?: Uint8Array },
): Promise<void> {
  const { database, outbox, tokenSecret } = c.env;
  const startedAt = performance.now();
  const userAgent = c.req.header('user-agent');
  const request = { purpose: 'email-verification', email, browserNonceHash, userAgent } as const;
  const verification = createVerification(request, tokenSecret);
  if (!c.var.isExceeded(mailbox)) {
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
export async function verifyEmail<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  presented: PresentedVerification,
): Promise<Session> {
  const { requestContext, outbox, tokenSecret } = c.env;
  const verified = await consumeVerification(
    c.env,
    'email-verification',
    presented,
    async (sql, { email }) => {
      const [account] = await sql<{ userId: string; organizationId: string | null; role: Role | null }>`
      with verified as (
        update users set email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
        where email = ${email}
        returning id
      ), audited as (
        insert into audit_events (id, event, user_id, request_id)
        select ${createUuid()}, 'email.verified', id, ${requestContext.requestId} from verified
      )
      select verified.id as user_id, organization_id, role
      from verified left join memberships on memberships.user_id = verified.id
      order by memberships.created_at, organization_id
      limit 1`;
      if (!account) throw new Problem('verification-invalid');
      const session = await startSession(
        sql,
        {
          ...account,
          amr: ['otp'],
          passwordHash: null,
          userAgent: c.req.header('user-agent'),
          address: clientAddressOf(c),
          requestId: requestContext.requestId,
        },
        tokenSecret,
      );
      if (!session) throw new Problem('verification-invalid');
      return session;
    },
  );
  outbox.wake();
  return verified;
}
