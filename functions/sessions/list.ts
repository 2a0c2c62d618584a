/** The devices that a person is signed in on, newest use first. */
import { user } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

interface SessionRow {
  readonly id: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly rotatedAt: Date;
  readonly expiresAt: Date;
}

export default createFunction().get(
  '/v1/sessions',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const { userId, sessionId } = c.var.caller;
    const rows = await c.env.database.sql<SessionRow>`
    select id, user_agent, host(address) as address, created_at, rotated_at, expires_at
    from live_sessions where user_id = ${userId} order by rotated_at desc, id`;
    if (!rows.some(({ id }) => id === sessionId)) throw new Problem('session-ended');
    return c.json({ sessions: rows.map((row) => toSession(row, sessionId)) });
  },
);

function toSession({ id, userAgent, address, createdAt, rotatedAt, expiresAt }: SessionRow, current: string) {
  return {
    id,
    current: id === current,
    user_agent: userAgent,
    address,
    created_at: createdAt.toISOString(),
    last_used_at: rotatedAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}
