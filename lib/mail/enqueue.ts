/**
 * How an email gets into the outbox: in the statement of what it announces, so that neither is there without the other.
 * Emails with a verification have a writer of their own, `enqueueVerification` in `lib/accounts/verification.ts`: they expire
 * with their link (`useful_until`), and the statement chooses between two by whether the address has an account.
 */
import { fragment, type SqlFragment } from '../../db/sql.ts';
import type { EncryptedEmail } from './encryption.ts';

/**
 * Writes the email to whom `recipient` finds, as a part of a statement; to nobody it writes nothing.
 *
 * @param recipient a statement of at most one row with the columns user_id and recipient, the address
 *
 * @example sql`with changed as (...) ${enqueueEmail(notification, fragment`select id as user_id, email as recipient from changed`)}`
 */
export function enqueueEmail({ id, template, payload }: EncryptedEmail, recipient: SqlFragment): SqlFragment {
  return fragment`
      insert into outbox (id, user_id, recipient, letter, sealed)
      select ${id}::uuid, mailbox.user_id, mailbox.recipient, ${template}::text, ${payload}::bytea
      from (${recipient}) as mailbox`;
}
