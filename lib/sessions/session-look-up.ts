/** A session by its refresh token, which stays as it is: where nobody would receive the next one. */
import { timingSafeEqual } from 'node:crypto';
import { createLookUp, type Keyed } from '../../db/look-up.ts';
import type { Role } from '../../db/schema.ts';
import { Problem } from '../core/problem.ts';
import type { Services } from '../http/services.ts';
import type { AccessTokenClaims } from '../security/jwt.ts';
import { hashNonce, parseRefreshToken } from '../security/refresh-token.ts';
import { toClaims } from './session.ts';

interface SessionRow extends Keyed {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly role: Role | null;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly asOf: Date;
  readonly nonceHash: Uint8Array;
  readonly counter: number;
}

/** By its id, as long as it lives. */
const findSession = createLookUp(
  (sql, ids) => sql<SessionRow>`
    select found.* from string_to_table(${ids.join(',')}, ',') as asked (id) cross join lateral (
      select session.id as key, session.user_id, membership.organization_id, membership.role, session.amr, session.created_at,
        now() as as_of, session.nonce_hash, session.counter
      from live_sessions as session left join live_memberships as membership
        on membership.user_id = session.user_id and membership.organization_id = session.organization_id
      where session.id = asked.id::uuid
      limit 1
    ) as found`,
);

/**
 * What its next access token would say. The newest token is good, and the one before it, which two tabs may hold; an older one
 * is refused, and its session ended by whoever refreshes by it.
 *
 * @throws {Problem} `refresh-token-invalid`
 */
export async function lookUpSession(
  { database, keyring }: Pick<Services, 'database' | 'keyring'>,
  text: string,
): Promise<AccessTokenClaims> {
  const token = parseRefreshToken(text, keyring);
  if (!token) throw new Problem('refresh-token-invalid');
  const { sessionId, counter, nonce } = token;
  const row = await findSession(database, sessionId);
  const isHeld =
    row && timingSafeEqual(row.nonceHash, hashNonce(nonce)) && [0, 1].includes(row.counter - counter);
  if (!isHeld) throw new Problem('refresh-token-invalid');
  return toClaims({ ...row, sessionId });
}
