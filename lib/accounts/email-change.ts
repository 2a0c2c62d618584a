/** Another address for an account: confirmed from the new one, told to the old one. From the API and the pages alike. */
import type { Context } from 'hono';
import { isUniqueViolation } from '../../db/sql.ts';
import { toDeviceName } from '../core/user-agent.ts';
import type { Caller, GuardedEnv } from '../http/guard.ts';
import { encryptEmail } from '../mail/encryption.ts';
import { Problem } from '../core/problem.ts';
import {
  createVerification,
  enqueueVerification,
  type PresentedVerification,
  consumeVerification,
} from './verification.ts';
import { mailbox } from '../rate-limit/policies.ts';
import { reauthenticate } from './reauthenticate.ts';
import { createUuid } from '../core/uuid.ts';

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
export async function mailEmailChange<Input>(
  c: Context<GuardedEnv<Caller, Input>>,
  { email, password, browserNonceHash }: EmailChange,
): Promise<void> {
  const { database, outbox, tokenSecret } = c.env;
  const { userId } = c.var.caller;
  await reauthenticate(c, password);
  if (c.var.isExceeded(mailbox)) return;
  const userAgent = c.req.header('user-agent');
  const request = { purpose: 'email-change', email, userId, browserNonceHash, userAgent } as const;
  const verification = createVerification(request, tokenSecret);
  const notice = encryptEmail('email-change-asked', toEventDetails(userAgent), tokenSecret);
  await database.transaction(async (sql) => {
    await enqueueVerification(sql, verification, 'newcomers', { known: 'email-change' });
    await sql`
      insert into outbox (id, user_id, recipient, letter, sealed)
      select ${notice.id}::uuid, id, email, ${notice.template}::text, ${notice.payload}::bytea
      from users where id = ${userId}`;
  });
  outbox.wake();
}

/**
 * Uses the link or code up and changes the address, which is proven by it.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `email-taken`
 */
export async function confirmEmailChange<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  presented: PresentedVerification,
): Promise<void> {
  const { requestContext, outbox, tokenSecret } = c.env;
  const notice = encryptEmail('email-changed', toEventDetails(c.req.header('user-agent')), tokenSecret);
  const changed = consumeVerification(c.env, 'email-change', presented, async (sql, { email, userId }) => {
    const [changed] = await sql<{ id: string }>`
      with known as (
        select id, email from users where id = ${userId}
      ), changed as (
        update users set email = ${email}, email_verified_at = now(), updated_at = now()
        where id = ${userId} and not exists (select from users where email = ${email})
        returning id
      ), noticed as (
        insert into outbox (id, user_id, recipient, letter, sealed)
        select ${notice.id}::uuid, known.id, known.email, ${notice.template}::text, ${notice.payload}::bytea
        from known join changed using (id)
      ), audited as (
        insert into audit_events (id, event, user_id, request_id)
        select ${createUuid()}, 'email.changed', id, ${requestContext.requestId} from changed
      )
      select id from changed`;
    if (!changed) throw new Problem('email-taken');
  });
  // An account that gets the address at the same moment is not there yet when the statement looks.
  await changed.catch((error: unknown) => {
    throw isUniqueViolation(error) ? new Problem('email-taken') : error;
  });
  outbox.wake();
}

function toEventDetails(userAgent: string | undefined) {
  return { device: toDeviceName(userAgent), at: new Date().toISOString() };
}
