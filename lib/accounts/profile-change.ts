/** What people change of their account by themselves, from the API and the page alike. */
import type { AccountRow } from './account.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';

/**
 * Sets the name, or takes it away.
 *
 * @throws {Problem} `session-ended`
 */
export async function changeName(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
  name: string | null,
): Promise<AccountRow> {
  const [changed] = await database.sql<AccountRow>`
    update users set name = ${name}, updated_at = now()
    from live_sessions
    where users.id = ${userId} and live_sessions.id = ${sessionId} and live_sessions.user_id = users.id
    returning users.id, users.email, users.name, users.email_verified_at, users.created_at`;
  if (!changed) throw new Problem('session-ended');
  return changed;
}
