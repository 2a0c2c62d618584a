/** The devices that a person is signed in on, newest use first. */
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { type ListedSession, listSessions } from '../../lib/sessions/session-list.ts';

export default createFunction('database').get(
  '/v1/sessions',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const sessions = await listSessions(c.env, c.var.request);
    return c.json({
      sessions: sessions.map((session) => toSession(session, c.var.request.caller.sessionId)),
    });
  },
);

function toSession(session: ListedSession, current: string) {
  const { id, userAgent, address, createdAt, rotatedAt, expiresAt } = session;
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
