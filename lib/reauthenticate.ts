/** Asks a signed-in person for the password again, before what can't be undone. */
import type { Context } from 'hono';
import type { Caller, GuardedEnv } from './guard.ts';
import { Problem } from './problem.ts';
import { account } from './rate-limit/policies.ts';

/**
 * Answers the hash that the password was verified against, for the change to insist on. A right password gives
 * back what the request took of the `account` limit.
 *
 * @throws {Problem} `session-ended` at once after a revocation, `password-incorrect` when it is not the password
 */
export async function reauthenticate<Input>(
  c: Context<GuardedEnv<Caller, Input>>,
  password: string,
): Promise<string> {
  const { userId, sessionId } = c.var.caller;
  const [known] = await c.env.database.sql<{ passwordHash: string | null }>`
    select password_hash from users join live_sessions on live_sessions.user_id = users.id
    where users.id = ${userId} and live_sessions.id = ${sessionId}`;
  if (!known) throw new Problem('session-ended');
  const matches = await c.env.passwords.verify(password, known.passwordHash);
  if (!matches || known.passwordHash === null) throw new Problem('password-incorrect');
  await c.var.refund(account);
  return known.passwordHash;
}
