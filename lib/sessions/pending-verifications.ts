/** What ends with a session: the changes that it asked for and that still wait in a mailbox to be confirmed. */
import { fragment, type SqlFragment } from '../../db/sql.ts';

/**
 * Ends every pending verification of the accounts that `accounts` finds, as a part of a `with`. Those
 * that are mailed to the account's own address end only where the statement names it: they prove the mailbox, and need no
 * session.
 *
 * @param accounts a statement with the columns user_id and email, the account's address or null
 *
 * @example sql`with ended as (...), outdated as (${endVerifications(fragment`select user_id, null::text as email from ended`)}) ...`
 */
export function endVerifications(accounts: SqlFragment): SqlFragment {
  return fragment`
      update magic_links set expires_at = now()
      from (${accounts}) as account
      where (magic_links.user_id = account.user_id or magic_links.email = account.email)
        and used_at is null and expires_at > now()`;
}
