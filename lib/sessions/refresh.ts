/** Refreshing a session: the next token pair for a refresh token (RFC 6749, section 6), by API and by cookie alike. */
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import type { EncryptedEmail } from '../mail/encryption.ts';
import { createNotification } from '../mail/notification.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import { Problem } from '../core/problem.ts';
import { endVerifications } from './pending-verifications.ts';
import { type DeviceHashes, hashDevice } from './device-hash.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { endTokensOfSessions } from './token-revocation.ts';
import { hashNonce, type RefreshToken, parseRefreshToken } from '../security/refresh-token.ts';
import type { Services } from '../http/services.ts';
import type { Session } from './session.ts';

/**
 * The session with its next refresh token. The token before the newest one gets the same successor as long as that was
 * never presented, so that a lost answer or two tabs log nobody out; an older one ends the session (RFC 9700, section
 * 4.14.2), and its owner is told by email. Three generations in a row whose parent comes again after the grace, or from
 * another network or device than the one that was answered first, are no lost answers but two holders of one token: that ends
 * the session, too. Tabs of one browser share network and device, so that they may race as they like.
 *
 * @param organizationId of which the access token is to be; that of the session unless told
 * @throws {Problem} `refresh-token-invalid`, `refresh-token-reused`, `not-found` where the person is not in that organization,
 *   which uses the token up no more than an answer that was lost
 */
export async function refreshSession(
  services: Pick<Services, 'database' | 'outbox' | 'rateLimits' | 'keyring'>,
  request: GuardedRequest,
  text: string,
  organizationId?: string,
): Promise<Session> {
  const { database, keyring } = services;
  const token = parseRefreshToken(text, keyring);
  if (!token) throw new Problem('refresh-token-invalid');
  const notification = createNotification('session-ended', request, keyring);
  const device = hashDevice(token.sessionId, request.userAgent, keyring);
  const session = await rotate(database.sql, token, { request, device, notification, organizationId });
  if (!session) throw new Problem('refresh-token-invalid');
  if (session.reused) {
    await endTokensOfSessions(services, { userId: session.userId, revokedIds: [session.sessionId] });
    services.outbox.wake();
    throw new Problem('refresh-token-reused');
  }
  if (organizationId !== undefined && session.role === null) throw new Problem('not-found');
  return session;
}

interface RotatedRow {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly role: Role | null;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly asOf: Date;
  readonly reused: boolean;
}

/** Who presents a token, and what its owner is told if it was stolen. */
interface Presentation {
  readonly request: GuardedRequest;
  readonly device: DeviceHashes;
  readonly notification: EncryptedEmail;
  readonly organizationId: string | undefined;
}

/** Seconds after its successor was issued in which a token that comes again is a lost answer, or another tab. */
const graceSeconds = 30;

/** Generations in a row whose parent came again late or from elsewhere; the next one ends the session. */
const doubtfulGenerations = 2;

/**
 * One statement decides. All its parts see the row as it was when the statement began (PostgreSQL manual, 7.8.4), so of many
 * at once that present the newest token one rotates, and the others, whose update finds the counter moved on,
 * still see themselves as presenting the newest: they get the successor that the one made.
 */
async function rotate(
  sql: Sql,
  { sessionId, counter, nonce }: RefreshToken,
  { request, device, notification, organizationId }: Presentation,
) {
  const { address } = request;
  const [row] = await sql<RotatedRow>`
    with found as (
      select id, user_id, organization_id, amr, created_at, counter, late_generation, late_run,
        counter = ${counter}::int + 1 and (
          rotated_at <= now() - ${graceSeconds}::int * interval '1 second'
          or not coalesce(rotated_address <<= ${toNetwork(address)}::inet, true)
          or not coalesce(encode(rotated_device, 'hex') = any(${device.all}::text[]), true)
        ) as is_doubtful
      from live_sessions
      where id = ${sessionId} and nonce_hash = ${hashNonce(nonce)} and counter >= ${counter}::int
    ), presented as (
      select found.*, counter > ${counter}::int + 1
        or (is_doubtful and late_generation is not distinct from counter - 1 and late_run >= ${doubtfulGenerations}::int)
          as reused,
        membership.organization_id as working_in, membership.role
      from found left join live_memberships as membership on membership.user_id = found.user_id
        and membership.organization_id = coalesce(${organizationId ?? null}::uuid, found.organization_id)
    ), rotated as (
      update refresh_tokens
      set counter = counter + 1, rotated_at = now(), rotated_address = ${address},
        rotated_device = ${device.newest}
      where id = ${sessionId} and counter = ${counter}::int and revoked_at is null
        and exists (select from presented where ${organizationId === undefined}::boolean or role is not null)
    ), doubted as (
      update refresh_tokens
      set late_run = case when presented.late_generation = presented.counter - 1 then presented.late_run + 1 else 1 end,
        late_generation = presented.counter
      from presented
      where refresh_tokens.id = presented.id and is_doubtful and not reused
        and refresh_tokens.counter = presented.counter
        and refresh_tokens.late_generation is distinct from presented.counter
      returning refresh_tokens.id, refresh_tokens.user_id, refresh_tokens.organization_id
    ), owner as (
      update users set device_tokens_since = clock_timestamp()
      from presented where users.id = presented.user_id and reused
      returning users.id, users.email
    ), revoked as (${revokeSessions(fragment`id = ${sessionId} and exists (select from owner)`)}
    ), outdated as (${endVerifications(
      fragment`select user_id, owner.email from revoked join owner on owner.id = revoked.user_id`,
    )}
    ), notified as (${enqueueEmail(
      notification,
      fragment`
        select user_id, owner.email as recipient from revoked join owner on owner.id = revoked.user_id`,
    )}
    ), audited as (${auditEvent(
      'session.refresh_token_reused',
      request,
      fragment`select user_id, organization_id, id as session_id from revoked`,
    )}
    ), shared as (${auditEvent(
      'session.refresh_token_shared',
      request,
      fragment`select user_id, organization_id, id as session_id from doubted`,
    )}
    )
    select user_id, working_in as organization_id, role, amr, created_at, now() as as_of, reused from presented`;
  return row && { ...row, sessionId, nonce, counter: counter + 1 };
}

/** As wide as what one provider hands out by turns: who connects twice at once may come from two addresses of it. */
function toNetwork(address: string): string {
  return `${address}/${address.includes(':') ? '48' : '24'}`;
}
