/** Sessions: how one starts, and the token pair its holder gets (RFC 6749, section 5.1). */
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { type AccessTokenClaims, accessTokenLifetime } from '../security/jwt.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { createNotification } from '../mail/notification.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import { createNonce, hashNonce, formatRefreshToken } from '../security/refresh-token.ts';
import { hashDevice } from './device-hash.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { type DeviceTokenGrounds, renewDeviceToken } from '../http/device-token.ts';
import type { Services } from '../http/services.ts';
import { endTokensOfSessions } from './token-revocation.ts';
import { createUuid } from '../core/uuid.ts';

/** A session as far as tokens speak of it. */
export interface Session {
  readonly sessionId: string;
  readonly userId: string;
  readonly organizationId: string | null;
  readonly role: Role | null;
  readonly amr: readonly string[];
  /** When the person signed in. */
  readonly createdAt: Date;
  /** When the organization and the role were read, or before it. */
  readonly asOf: Date;
  /** The newest generation of the refresh token, and the session's own secret. */
  readonly counter: number;
  readonly nonce: Uint8Array;
}

/** A session at its start, with what a device token is made of. */
export interface StartedSession extends Session, DeviceTokenGrounds {
  /** Sessions that ended because it began: their access tokens are to end after the commit. */
  readonly displacedIds: readonly string[];
  /** Whether an email tells of it, which the outbox is to be woken for. */
  readonly wroteEmail: boolean;
}

export interface SessionStart {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly role: Role | null;
  /** When they were read, or before it. */
  readonly asOf: Date;
  readonly amr: readonly string[];
  /**
   * The hash that the password was verified against: if it has changed since, no session starts. Null when the person was
   * proven otherwise, in this very transaction.
   */
  readonly passwordHash: string | null;
}

/** Live sessions of one account, and devices that it is known on; of more, the one that was used least recently goes. */
const mostSessions = 100;
const mostDevices = 100;
/** Emails of new devices to one account in an hour: nobody may have proven that the address is theirs. */
const mostNotices = 5;

/**
 * Starts a session in one statement, which also sweeps the person's dead ones and, when the account has never been used
 * from this device but from others, writes an email about it. Undefined if the account changed, or was disabled.
 */
export async function startSession(
  sql: Sql,
  { keyring }: Pick<Services, 'keyring'>,
  request: GuardedRequest,
  start: SessionStart,
): Promise<StartedSession | undefined> {
  const sessionId = createUuid();
  const nonce = createNonce();
  const userAgent = request.userAgent?.slice(0, 256).toWellFormed() ?? null;
  const device = hashDevice(start.userId, userAgent, keyring);
  const notification = createNotification('new-device', request, keyring);
  // Issued at clock_timestamp() and not now(), when the transaction began that may have ended the trust in older tokens since.
  const [started] = await sql<
    Pick<StartedSession, 'createdAt' | 'email' | 'issuedAt' | 'since' | 'displacedIds' | 'wroteEmail'>
  >`
    with swept as (
      delete from refresh_tokens
      where user_id = ${start.userId} and id not in (select id from live_sessions where user_id = ${start.userId})
    ), displaced as (${revokeSessions(fragment`
        id in (
          select id from live_sessions where user_id = ${start.userId}
          order by rotated_at desc, id desc offset ${mostSessions - 1}::int
        )`)}
    ), started as (
      insert into refresh_tokens
        (id, user_id, organization_id, nonce_hash, amr, user_agent, address, rotated_address, expires_at)
      select ${sessionId}, users.id, ${start.organizationId}, ${hashNonce(nonce)}, ${start.amr}, ${userAgent},
        ${request.address}, ${request.address}, now() + interval '90 days'
      from users
      where id = ${start.userId} and disabled_at is null
        and (${start.passwordHash}::text is null or password_hash = ${start.passwordHash}::text)
      for share -- waits for whoever ends all sessions, and keeps them waiting (accounts/owner-lock.ts)
      returning id, user_id, organization_id, created_at
    ), device as (
      insert into known_devices (user_id, device_hash)
      select user_id, ${device.newest}::bytea from started
      on conflict (user_id, device_hash) do update set seen_at = now()
      returning user_id, xmax = 0 as unknown
    ), forgotten as (
      delete from known_devices
      where user_id = ${start.userId} and device_hash in (
        select device_hash from known_devices where user_id = ${start.userId} and device_hash <> ${device.newest}::bytea
        order by seen_at desc, device_hash offset ${mostDevices - 1}::int
      )
    ), notified as (${enqueueEmail(
      notification,
      fragment`
        select users.id as user_id, users.email as recipient from device join users on users.id = device.user_id
        where unknown and exists (select from known_devices where user_id = ${start.userId}) and not exists (
          select from known_devices
          where user_id = ${start.userId} and encode(device_hash, 'hex') = any(${device.all}::text[])
        ) and (
          select count(*) from outbox
          where user_id = ${start.userId} and letter = 'new-device' and created_at > now() - interval '1 hour'
        ) < ${mostNotices}::int`,
    )}
      returning id
    ), audited as (${auditEvent(
      'session.started',
      request,
      fragment`select user_id, organization_id, id as session_id from started`,
    )}
    ), displacement as (${auditEvent(
      'session.displaced',
      request,
      // One, as a rule; more where a release without the bound has left more.
      fragment`select user_id, organization_id, id as session_id from displaced limit 1`,
    )}
    )
    select started.created_at, users.email, clock_timestamp() as issued_at, users.device_tokens_since as since,
      array(select id from displaced) as displaced_ids, exists (select from notified) as wrote_email
    from started join users on users.id = started.user_id`;
  if (!started) return undefined;
  const { userId, organizationId, role, asOf, amr } = start;
  return { sessionId, userId, organizationId, role, asOf, amr, counter: 0, nonce, ...started };
}

/**
 * The token pair of a sign-in, and what the client is known by at the next one (`device-token.ts`). To be called after the commit.
 *
 * @param heldToken the device token that the client has presented, whatever it is worth
 */
export async function createSignInAnswer(
  services: Pick<Services, 'keys' | 'keyring' | 'rateLimits'>,
  session: StartedSession,
  heldToken: string | undefined,
) {
  const { userId, displacedIds } = session;
  await endTokensOfSessions(services, { userId, revokedIds: displacedIds });
  const tokens = await createTokenPair(services, session);
  return { ...tokens, device_token: renewDeviceToken(heldToken, session, services.keyring) };
}

/** What an access token of the session says. */
export function toClaims(session: Omit<Session, 'counter' | 'nonce'>): AccessTokenClaims {
  const { sessionId, userId, organizationId, role, amr, createdAt, asOf } = session;
  return {
    sub: userId,
    sid: sessionId,
    ...(organizationId !== null && { org: organizationId }),
    ...(role !== null && { role }),
    auth_time: Math.floor(createdAt.getTime() / 1000),
    amr,
    as_of: asOf.getTime(),
  };
}

/** The access token on the wire, by itself: for a session whose refresh token stays what it is. */
export async function createAccessToken(
  { keys }: Pick<Services, 'keys'>,
  session: Omit<Session, 'counter' | 'nonce'>,
) {
  const accessToken = await keys.sign(toClaims(session));
  return { access_token: accessToken, token_type: 'Bearer', expires_in: accessTokenLifetime };
}

/** The token pair on the wire. */
export async function createTokenPair(
  { keys, keyring }: Pick<Services, 'keys' | 'keyring'>,
  session: Session,
) {
  const { sessionId, counter, nonce } = session;
  const accessToken = await createAccessToken({ keys }, session);
  return { ...accessToken, refresh_token: formatRefreshToken({ sessionId, counter, nonce }, keyring) };
}
