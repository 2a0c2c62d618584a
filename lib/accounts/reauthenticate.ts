/** Asks a signed-in person to prove anew who they are, before what can't be undone. */
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';
import { recentSignIn, toStepUp } from '../http/authorize.ts';

/** Who has just proven who they are. */
export interface Reauthenticated {
  /** What the password was verified against, for the change to insist on; null of an account without a password. */
  readonly passwordHash: string | null;
  readonly email: string;
  readonly name: string | null;
}

/**
 * Verifies the password, if the account has one. Where it has none, having signed in within the last 15 minutes is enough
 * (RFC 9470). A right password gives back what the request took of the `account` limit.
 *
 * @throws {Problem} `session-ended` at once after a revocation, `password-incorrect` when it is not the password,
 * `reauthentication-required`
 */
export async function reauthenticate(
  { database, passwords }: Pick<Services, 'database' | 'passwords'>,
  { caller: { userId, sessionId }, limits }: GuardedRequest<Caller, 'account'>,
  password: string | undefined,
): Promise<Reauthenticated> {
  const [known] = await database.sql<Reauthenticated & { isFresh: boolean }>`
    select password_hash, email, name, live_sessions.created_at > now() - interval '15 minutes' as is_fresh
    from users join live_sessions on live_sessions.user_id = users.id
    where users.id = ${userId} and live_sessions.id = ${sessionId}`;
  if (!known) throw new Problem('session-ended');
  if (known.passwordHash === null) {
    limits.account.refund();
    if (known.isFresh) return known;
    throw toStepUp(recentSignIn.maxAgeSeconds);
  }
  if (password === undefined || !(await passwords.verify(password, known.passwordHash))) {
    throw new Problem('password-incorrect');
  }
  limits.account.refund();
  return known;
}

/** What an account is asked for, so that a page can ask for just that. */
export interface Confirmation {
  readonly email: string;
  readonly hasPassword: boolean;
  /** Whether the session is young enough to do without a password. */
  readonly isFresh: boolean;
}

/** @throws {Problem} `session-ended` */
export async function readConfirmation(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
): Promise<Confirmation> {
  const [known] = await database.sql<Confirmation>`
    select email, password_hash is not null as has_password,
      live_sessions.created_at > now() - interval '15 minutes' as is_fresh
    from users join live_sessions on live_sessions.user_id = users.id
    where users.id = ${userId} and live_sessions.id = ${sessionId}`;
  if (!known) throw new Problem('session-ended');
  return known;
}
