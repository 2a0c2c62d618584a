/** What people change of their account by themselves, from the API and the page alike. */
import type { Context } from 'hono';
import type { AccountRow } from './account.ts';
import type { Caller, GuardedEnv } from '../http/guard.ts';
import { Problem } from '../core/problem.ts';

/**
 * Sets the name, or takes it away.
 *
 * @throws {Problem} `session-ended`
 */
export async function changeName<Input>(
  c: Context<GuardedEnv<Caller, Input>>,
  name: string | null,
): Promise<AccountRow> {
  const { userId, sessionId } = c.var.caller;
  const [changed] = await c.env.database.sql<AccountRow>`
    update users set name = ${name}, updated_at = now()
    from live_sessions
    where users.id = ${userId} and live_sessions.id = ${sessionId} and live_sessions.user_id = users.id
    returning users.id, users.email, users.name, users.email_verified_at, users.created_at`;
  if (!changed) throw new Problem('session-ended');
  return changed;
}
