/** What the owner of a session revokes: one session, all others, or by signing out the one at hand; by API and pages alike. */
import { fragment } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import { Problem } from '../core/problem.ts';
import { revokeSessions, revokeSessionsOf } from './revoke-sessions.ts';
import { endTokensOfSessions } from './token-revocation.ts';
import { endVerifications } from './pending-verifications.ts';
import { hashNonce, parseRefreshToken } from '../security/refresh-token.ts';
import type { Services } from '../http/services.ts';
import { isUuid } from '../core/uuid.ts';

/**
 * Revokes one of the person's own sessions, this one too.
 *
 * @throws {Problem} `session-ended` when the asking session is over, `not-found` for one that is not theirs
 */
export async function revokeSession(
  { database, rateLimits }: Pick<Services, 'database' | 'rateLimits'>,
  request: GuardedRequest<Caller>,
  id: string,
): Promise<void> {
  const { userId, sessionId } = request.caller;
  if (!isUuid(id)) throw new Problem('not-found');
  const [outcome] = await database.sql<{ live: boolean; revoked: boolean }>`
    with live as (
      select from live_sessions where id = ${sessionId} and user_id = ${userId}
    ), revoked as (${revokeSessions(fragment`id = ${id} and user_id = ${userId} and exists (select from live)`)}
    ), outdated as (${endVerifications(fragment`select user_id, null::text as email from revoked`)}
    ), audited as (${auditEvent(
      'session.revoked',
      request,
      fragment`select user_id, organization_id, id as session_id from revoked`,
    )}
    )
    select exists (select from live) as live, exists (select from revoked) as revoked`;
  if (!outcome?.live) throw new Problem('session-ended');
  if (!outcome.revoked) throw new Problem('not-found');
  await endTokensOfSessions({ rateLimits }, { userId, revokedIds: [id] });
}

/**
 * Revokes every session of the person but this one, and lets no device token count any more that was issued before.
 *
 * @throws {Problem} `session-ended`
 */
export async function revokeOtherSessions(
  { database, rateLimits }: Pick<Services, 'database' | 'rateLimits'>,
  request: GuardedRequest<Caller>,
): Promise<void> {
  const { userId, sessionId } = request.caller;
  const [outcome] = await database.sql<{ live: boolean; revokedIds: readonly string[] }>`
    with live as (
      select id, user_id, organization_id from live_sessions where id = ${sessionId} and user_id = ${userId}
    ), owner as (
      update users set device_tokens_since = clock_timestamp() from live where users.id = live.user_id
      returning users.id, users.email
    ), revoked as (${revokeSessionsOf(fragment`select id from owner`, sessionId)}
    ), outdated as (${endVerifications(fragment`select id as user_id, email from owner`)}
    ), audited as (${auditEvent(
      'session.others_revoked',
      request,
      fragment`select user_id, organization_id, id as session_id from live where exists (select from revoked)`,
    )}
    )
    select exists (select from live) as live, array(select id from revoked) as revoked_ids`;
  if (!outcome?.live) throw new Problem('session-ended');
  await endTokensOfSessions({ rateLimits }, { userId, revokedIds: outcome.revokedIds });
}

/** Revokes the session of a refresh token, of whichever generation; a text that is none revokes nothing. */
export async function signOut(
  { database, rateLimits, keyring }: Pick<Services, 'database' | 'rateLimits' | 'keyring'>,
  request: GuardedRequest,
  refreshToken: string,
): Promise<void> {
  const token = parseRefreshToken(refreshToken, keyring);
  if (!token) return;
  const [revoked] = await database.sql<{ userId: string }>`
    with revoked as (${revokeSessions(
      fragment`id = ${token.sessionId} and nonce_hash = ${hashNonce(token.nonce)}`,
    )}
    ), outdated as (${endVerifications(fragment`select user_id, null::text as email from revoked`)}
    ), audited as (${auditEvent(
      'session.signed_out',
      request,
      fragment`select user_id, organization_id, id as session_id from revoked`,
    )}
    )
    select user_id from revoked`;
  if (revoked) await endTokensOfSessions({ rateLimits }, { ...revoked, revokedIds: [token.sessionId] });
}
