/** A new password against the current one, or the first of an account that had none; from the API and the page alike. */
import type { Context } from 'hono';
import { toDeviceName } from '../core/user-agent.ts';
import type { Caller, GuardedEnv } from '../http/guard.ts';
import { encryptEmail } from '../mail/encryption.ts';
import { Problem } from '../core/problem.ts';
import { reauthenticate } from './reauthenticate.ts';
import { createUuid } from '../core/uuid.ts';

export interface PasswordChange {
  /** Of the account, if it has one. */
  readonly currentPassword: string | undefined;
  readonly newPassword: string;
}

/**
 * Sets the password, ends the person's other sessions and every mailed verification that waits, and tells the mailbox. A thief
 * who has asked for another address does not get it any more.
 *
 * @throws {Problem} as `reauthenticate` does
 */
export async function changePassword<Input>(
  c: Context<GuardedEnv<Caller, Input>>,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  const { database, passwords, requestContext, outbox, tokenSecret } = c.env;
  const { userId, sessionId } = c.var.caller;
  const oldHash = await reauthenticate(c, currentPassword);
  const newHash = await passwords.hash(newPassword);
  const eventDetails = { device: toDeviceName(c.req.header('user-agent')), at: new Date().toISOString() };
  const notice = encryptEmail('password-changed', eventDetails, tokenSecret);
  const [changed] = await database.sql<{ id: string }>`
    with changed as (
      update users set password_hash = ${newHash}, updated_at = now()
      where id = ${userId} and password_hash is not distinct from ${oldHash}::text
      returning id, email
    ), ended as (
      update refresh_tokens set revoked_at = now()
      where user_id in (select id from changed) and id <> ${sessionId} and revoked_at is null
    ), outdated as (
      update magic_links set expires_at = now()
      where (email in (select email from changed) or user_id in (select id from changed))
        and used_at is null and expires_at > now()
    ), noticed as (
      insert into outbox (id, user_id, recipient, letter, sealed)
      select ${notice.id}::uuid, id, email, ${notice.template}::text, ${notice.payload}::bytea from changed
    )
    insert into audit_events (id, event, user_id, session_id, request_id)
    select ${createUuid()}, 'password.changed', id, ${sessionId}, ${requestContext.requestId} from changed
    returning id`;
  if (!changed) throw new Problem('password-incorrect');
  outbox.wake();
}
