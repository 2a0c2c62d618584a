/** Ending all sessions of an account. */
import { fragment, type SqlFragment } from '../../db/sql.ts';

/**
 * Ends what still lives, as a part of a `with`. Where a thief may be among those who held a session, the same statement sets
 * `users.device_tokens_since`; not this part, because a statement can change a row once only.
 *
 * @param users a statement with one column, the ids of whose sessions end
 * @param exceptId the session that goes on
 *
 * @example sql`with changed as (...), ended as (${endSessions(fragment`select id from changed`)}) ...`
 */
export function endSessions(users: SqlFragment, exceptId: string | null = null): SqlFragment {
  return fragment`
      update refresh_tokens set revoked_at = now()
      where user_id in (${users}) and id is distinct from ${exceptId}::uuid and revoked_at is null`;
}
