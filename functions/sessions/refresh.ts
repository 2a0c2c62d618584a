/**
 * The next token pair for a refresh token (RFC 6749, section 6; rotation as RFC 9700, section 4.14.2). The token before the newest
 * one gets the same successor for 30 seconds, so that a lost answer or two tabs log nobody out; an older one ends
 * the session.
 */
import * as z from 'zod/mini';
import type { Role } from '../../db/schema.ts';
import { anyone } from '../../lib/caller.ts';
import type { Sql } from '../../lib/database.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { hashNonce, type RefreshToken, verifyText } from '../../lib/refresh-token.ts';
import { createTokenPair } from '../../lib/session.ts';
import { createUuid } from '../../lib/uuid.ts';

const Refresh = z.strictObject({ refresh_token: z.string().check(z.maxLength(512)) });

export default createFunction().post(
  '/v1/auth/refresh',
  guard({ caller: anyone, limits: limit(api), body: json(Refresh) }),
  async (c) => {
    const token = verifyText(c.var.input.refresh_token, c.env.tokenSecret);
    if (!token) throw new Problem('refresh-token-invalid');
    const session = await rotate(c.env.database.sql, token, c.env.exchange.requestId);
    if (!session) throw new Problem('refresh-token-invalid');
    if (session.reused) throw new Problem('refresh-token-reused');
    return c.json(await createTokenPair(c.env, session));
  },
);

interface RotatedRow {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly role: Role | null;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly reused: boolean;
}

/**
 * One statement decides. All its parts see the row as it was when the statement began (PostgreSQL manual, 7.8.4), so of many
 * at once that present the newest token one rotates, and the others, whose update finds the counter moved on,
 * still see themselves as presenting the newest: they get the successor that the one made.
 */
async function rotate(sql: Sql, { sessionId, counter, nonce }: RefreshToken, requestId: string) {
  const [row] = await sql<RotatedRow>`
    with presented as (
      select *, counter > ${counter}::int + 1
        or (counter = ${counter}::int + 1 and rotated_at <= now() - interval '30 seconds') as reused
      from live_sessions
      where id = ${sessionId} and nonce_hash = ${hashNonce(nonce)} and counter >= ${counter}::int
    ), rotated as (
      update refresh_tokens set counter = counter + 1, rotated_at = now()
      where id = ${sessionId} and counter = ${counter}::int and revoked_at is null
        and exists (select from presented)
    ), revoked as (
      update refresh_tokens set revoked_at = now()
      where id = ${sessionId} and revoked_at is null and exists (select from presented where reused)
      returning id, user_id, organization_id
    ), audited as (
      insert into audit_events (id, event, user_id, organization_id, session_id, request_id)
      select ${createUuid()}, 'session.refresh-token-reused', user_id, organization_id, id, ${requestId} from revoked
    )
    select presented.user_id, memberships.organization_id, memberships.role, amr, presented.created_at, reused
    from presented left join memberships using (organization_id, user_id)`;
  return row && { ...row, sessionId, nonce, counter: counter + 1 };
}
