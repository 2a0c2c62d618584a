/** The account of whoever has just shown that they read its mailbox. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { revokeSessionsOf } from '../sessions/revoke-sessions.ts';
import type { RevokedAccess, RevokedSessions } from '../sessions/token-revocation.ts';
import { endEarlierKeys } from './earlier-keys.ts';
import { firstMembership } from './first-membership.ts';
import type { ProvenOwner } from './grant.ts';
import { lockOwner } from './owner-lock.ts';

export type ClaimedAccount = ProvenOwner & RevokedAccess;

/**
 * The account of an address that has just been proven. Was it never proven before, then whoever set its password and
 * started its sessions may be somebody else, who waited for the owner to come: both end here, with whatever they asked for and the
 * API keys that they made.
 */
export async function claimAccount(
  sql: Sql,
  email: string,
  request: GuardedRequest,
): Promise<ClaimedAccount | undefined> {
  // Again: it may have been opened since the verification was found.
  await lockOwner(sql, { userId: null, email });
  const [account] = await sql<ProvenOwner & RevokedSessions & { wasUnproven: boolean }>`
    with claimed as (
      update users
      set email_verified_at = now(), password_hash = null, device_tokens_since = clock_timestamp(), updated_at = now()
      where email = ${email} and email_verified_at is null
      returning id, email
    ), revoked as (${revokeSessionsOf(fragment`select id from claimed`)}
    ), outdated as (${endVerifications(fragment`select id as user_id, email from claimed`)}
    ), audited as (${auditEvent(
      'email.verified',
      request,
      fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from claimed`,
    )}
    )
    select users.id as user_id, organization_id, role, now() as as_of, array(select id from revoked) as revoked_ids,
      exists (select from claimed) as was_unproven
    from users ${firstMembership}
    where email = ${email}`;
  if (!account?.wasUnproven) return account;
  return { ...account, revokedKeys: await endEarlierKeys(sql, account.userId) };
}
