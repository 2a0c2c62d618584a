/** How sessions end by their owner's wish, from the API and the pages alike. */
import { fragment } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import { Problem } from '../core/problem.ts';
import { endSessions } from './revoke-sessions.ts';
import { endVerifications } from './pending-verifications.ts';
import { hashNonce, parseRefreshToken } from '../security/refresh-token.ts';
import type { Services } from '../http/services.ts';
import { isUuid } from '../core/uuid.ts';

/**
 * Ends one of the person's own sessions, this one too.
 *
 * @throws {Problem} `session-ended` when the asking session is over, `not-found` for one that is not theirs
 */
export async function endSession(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  id: string,
): Promise<void> {
  const { userId, sessionId } = request.caller;
  if (!isUuid(id)) throw new Problem('not-found');
  const [outcome] = await database.sql<{ live: boolean; ended: boolean }>`
    with live as (
      select from live_sessions where id = ${sessionId} and user_id = ${userId}
    ), ended as (
      update refresh_tokens set revoked_at = now()
      where id = ${id} and user_id = ${userId} and revoked_at is null and exists (select from live)
      returning id, user_id, organization_id
    ), outdated as (${endVerifications(fragment`select user_id, null::text as email from ended`)}
    ), audited as (${auditEvent(
      'session.revoked',
      request,
      fragment`select user_id, organization_id, id as session_id from ended`,
    )}
    )
    select exists (select from live) as live, exists (select from ended) as ended`;
  if (!outcome?.live) throw new Problem('session-ended');
  if (!outcome.ended) throw new Problem('not-found');
}

/**
 * Ends every session of the person but this one, and lets no device token count any more that was issued before.
 *
 * @throws {Problem} `session-ended`
 */
export async function endOtherSessions(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
): Promise<void> {
  const { userId, sessionId } = request.caller;
  const [outcome] = await database.sql<{ live: boolean }>`
    with live as (
      select id, user_id, organization_id from live_sessions where id = ${sessionId} and user_id = ${userId}
    ), owner as (
      update users set device_tokens_since = clock_timestamp() from live where users.id = live.user_id
      returning users.id, users.email
    ), ended as (${endSessions(fragment`select id from owner`, sessionId)}
    ), outdated as (${endVerifications(fragment`select id as user_id, email from owner`)}
    ), audited as (${auditEvent(
      'session.others-revoked',
      request,
      fragment`select user_id, organization_id, id as session_id from live`,
    )}
    )
    select exists (select from live) as live`;
  if (!outcome?.live) throw new Problem('session-ended');
}

/** Ends the session of a refresh token, of whichever generation; a text that is none ends nothing. */
export async function signOut(
  { database, tokenSecret }: Pick<Services, 'database' | 'tokenSecret'>,
  request: GuardedRequest,
  refreshToken: string,
): Promise<void> {
  const token = parseRefreshToken(refreshToken, tokenSecret);
  if (!token) return;
  await database.sql`
    with ended as (
      update refresh_tokens set revoked_at = now()
      where id = ${token.sessionId} and nonce_hash = ${hashNonce(token.nonce)} and revoked_at is null
      returning id, user_id, organization_id
    ), outdated as (${endVerifications(fragment`select user_id, null::text as email from ended`)}
    )
    ${auditEvent(
      'session.signed-out',
      request,
      fragment`select user_id, organization_id, id as session_id from ended`,
    )}`;
}
