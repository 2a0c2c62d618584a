/** The parts of a statement that revoke sessions, whoever wants it: nothing else writes `revoked_at`. */
import { fragment, type SqlFragment } from '../../db/sql.ts';

/**
 * Revokes those of the sessions that still live, as a part of a `with`, and returns their id, user_id and organization_id.
 *
 * @param which a condition on `refresh_tokens`
 *
 * @example sql`with revoked as (${revokeSessions(fragment`id = ${sessionId}`)}) select id from revoked`
 */
export function revokeSessions(which: SqlFragment): SqlFragment {
  return fragment`
      update refresh_tokens set revoked_at = now()
      where ${which} and revoked_at is null
      returning id, user_id, organization_id`;
}

/**
 * Revokes all sessions of accounts, as a part of a `with`. Where a thief may be among those who held one, the same statement
 * sets `users.device_tokens_since`; not this part, because a statement can change a row once only.
 *
 * @param users a statement with one column, the ids of the accounts
 * @param exceptId the session that goes on
 *
 * @example sql`with changed as (...), revoked as (${revokeSessionsOf(fragment`select id from changed`)}) ...`
 */
export function revokeSessionsOf(users: SqlFragment, exceptId: string | null = null): SqlFragment {
  return revokeSessions(fragment`user_id in (${users}) and id is distinct from ${exceptId}::uuid`);
}
