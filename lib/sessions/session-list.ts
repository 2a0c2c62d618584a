/** The devices that a person is signed in on, for the API and the page alike. */
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';

export interface ListedSession {
  readonly id: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  /** When it was last refreshed. */
  readonly rotatedAt: Date;
  readonly expiresAt: Date;
}

/**
 * The person's live sessions, newest use first.
 *
 * @throws {Problem} `session-ended` when the asking one is not among them
 */
export async function listSessions(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
): Promise<readonly ListedSession[]> {
  const sessions = await database.sql<ListedSession>`
    select id, user_agent, host(address) as address, created_at, rotated_at, expires_at
    from live_sessions where user_id = ${userId} order by rotated_at desc, id`;
  if (!sessions.some(({ id }) => id === sessionId)) throw new Problem('session-ended');
  return sessions;
}
