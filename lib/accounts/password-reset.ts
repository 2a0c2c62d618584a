/** A forgotten password: the email, and the new password against it. From the API and from the pages alike. */
import type { Context } from 'hono';
import { toDeviceName } from '../core/user-agent.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedEnv } from '../http/guard.ts';
import { encryptEmail } from '../mail/encryption.ts';
import { Problem } from '../core/problem.ts';
import {
  createVerification,
  enqueueVerification,
  peekVerification,
  type PresentedVerification,
  consumeVerification,
} from './verification.ts';
import { mailbox } from '../rate-limit/policies.ts';
import { createUuid } from '../core/uuid.ts';

/** Mails the email to an account, one without a password too; the same work for an address without one. */
export async function mailPasswordReset<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  { email, browserNonceHash }: { readonly email: string; readonly browserNonceHash?: Uint8Array },
): Promise<void> {
  const { database, outbox, tokenSecret } = c.env;
  const startedAt = performance.now();
  const userAgent = c.req.header('user-agent');
  const verification = createVerification(
    { purpose: 'password-reset', email, browserNonceHash, userAgent },
    tokenSecret,
  );
  if (!c.var.isExceeded(mailbox)) {
    await enqueueVerification(database.sql, verification, 'accounts', { known: 'password-reset' });
  }
  outbox.wake();
  await equalizeTiming(startedAt);
}

/**
 * Sets the password, ends every session of the account and every mailed verification that waits, and tells by email: a thief
 * who has asked for another address does not get it any more. The mailbox is proven by it.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`
 */
export async function resetPassword<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  presented: PresentedVerification,
  newPassword: string,
): Promise<void> {
  const { database, passwords, requestContext, outbox, tokenSecret } = c.env;
  // A dead link costs nobody the work of a hash.
  if ('token' in presented) await peekVerification(database.sql, 'password-reset', presented.token);
  const passwordHash = await passwords.hash(newPassword);
  const eventDetails = { device: toDeviceName(c.req.header('user-agent')), at: new Date().toISOString() };
  const notice = encryptEmail('password-changed', eventDetails, tokenSecret);
  await consumeVerification(c.env, 'password-reset', presented, async (sql, { email }) => {
    const [changed] = await sql<{ id: string }>`
      with changed as (
        update users
        set password_hash = ${passwordHash}, email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
        where email = ${email}
        returning id, email
      ), ended as (
        update refresh_tokens set revoked_at = now()
        where user_id in (select id from changed) and revoked_at is null
      ), outdated as (
        update magic_links set expires_at = now()
        where (email in (select email from changed) or user_id in (select id from changed))
          and used_at is null and expires_at > now()
      ), noticed as (
        insert into outbox (id, user_id, recipient, letter, sealed)
        select ${notice.id}::uuid, id, email, ${notice.template}::text, ${notice.payload}::bytea from changed
      ), audited as (
        insert into audit_events (id, event, user_id, request_id)
        select ${createUuid()}, 'password.reset', id, ${requestContext.requestId} from changed
      )
      select id from changed`;
    if (!changed) throw new Problem('verification-invalid');
  });
  outbox.wake();
}
