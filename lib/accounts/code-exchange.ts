/** Exchanging an app's code for a session (RFC 6749, section 4.1.3, and RFC 7636, section 4.6). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { revokeSessions } from '../sessions/revoke-sessions.ts';
import type { StartedSession } from '../sessions/session.ts';
import { endTokensOfSessions, type RevokedSessions } from '../sessions/token-revocation.ts';
import { type FirstMembership, firstMembership } from './first-membership.ts';
import { type ProvenOwner, startProvenSession } from './grant.ts';
import { lockOwner } from './owner-lock.ts';
import { hashToken, isPending } from './verification.ts';

/** What an app presents, by the names of RFC 6749 and RFC 7636. */
export interface PresentedCode {
  readonly code: string;
  readonly code_verifier: string;
  readonly redirect_uri: string;
}

/**
 * Uses the code up, whether or not the rest is right: it has one try. Of many at once one gets the session. Who comes later with
 * all of it ends that session, because two have held what only the app should have had (RFC 9700, section 4.5); who has the code
 * alone ends nothing, since it stands in the history of a browser.
 *
 * @throws {Problem} `grant-invalid`
 */
export async function exchangeCode(
  services: Pick<Services, 'database' | 'outbox' | 'rateLimits' | 'keyring'>,
  request: GuardedRequest,
  presented: PresentedCode,
): Promise<StartedSession> {
  const { session, ended } = await services.database.transaction(async (sql): Promise<Exchanged> => {
    const found = await findCode(sql, presented.code);
    if (!found) return {};
    await lockOwner(sql, found);
    const isUsed = await useUp(sql, found);
    if (!isRight(presented, found)) return {};
    if (isUsed) return { session: await startSessionOf(sql, services, request, found) };
    return { ended: await endSessionOf(sql, request, found) };
  });
  if (ended) await endTokensOfSessions(services, ended);
  // Thrown only now: inside, it would take back what ended.
  if (!session) throw new Problem('grant-invalid', { error: 'invalid_grant' });
  services.outbox.wake();
  return session;
}

interface Exchanged {
  readonly session?: StartedSession | undefined;
  readonly ended?: RevokedSessions | undefined;
}

interface FoundCode {
  readonly id: string;
  readonly email: string;
  readonly userId: string;
  readonly redirectTo: string | null;
  readonly codeChallenge: Uint8Array | null;
}

async function findCode(sql: Sql, code: string): Promise<FoundCode | undefined> {
  const [found] = await sql<FoundCode>`
    select id, email, user_id, redirect_to, code_challenge from magic_links
    where token_hash = ${hashToken(code)} and purpose = 'authorization' and user_id is not null`;
  return found;
}

/** Whether it was still there to be used. */
async function useUp(sql: Sql, { id }: FoundCode): Promise<boolean> {
  const used = await sql<{ id: string }>`
    update magic_links set used_at = clock_timestamp() where id = ${id} and ${isPending} returning id`;
  return used.length > 0;
}

function isRight({ code_verifier, redirect_uri }: PresentedCode, { codeChallenge, redirectTo }: FoundCode) {
  const challenge = createHash('sha256').update(code_verifier).digest();
  // In its normal form, as it was written down.
  const isSameAddress = URL.parse(redirect_uri)?.href === redirectTo;
  return codeChallenge !== null && timingSafeEqual(challenge, codeChallenge) && isSameAddress;
}

async function startSessionOf(
  sql: Sql,
  services: Pick<Services, 'keyring'>,
  request: GuardedRequest,
  { id, userId }: FoundCode,
): Promise<StartedSession | undefined> {
  const [owner] = await sql<ProvenOwner & FirstMembership>`
    select users.id as user_id, organization_id, role, now() as as_of
    from users ${firstMembership} where users.id = ${userId}`;
  const session = owner && (await startProvenSession(sql, services, request, owner));
  if (session) await sql`update magic_links set session_id = ${session.sessionId} where id = ${id}`;
  return session;
}

/** Its tokens are in two hands, and so is its device token. */
async function endSessionOf(
  sql: Sql,
  request: GuardedRequest,
  { id, userId }: FoundCode,
): Promise<RevokedSessions> {
  const revoked = await sql<{ id: string }>`
    with revoked as (${revokeSessions(fragment`id = (select session_id from magic_links where id = ${id})`)}
    ), owner as (
      update users set device_tokens_since = clock_timestamp() from revoked where users.id = revoked.user_id
      returning users.id, users.email
    ), outdated as (${endVerifications(fragment`select id as user_id, email from owner`)}
    ), audited as (${auditEvent(
      'session.code_reused',
      request,
      fragment`select user_id, organization_id, id as session_id from revoked`,
    )}
    )
    select id from revoked`;
  return { userId, revokedIds: revoked.map((session) => session.id) };
}
