/** What people change of their account by themselves, from the API and the page alike. */
import type { Language } from '../../db/languages.ts';
import type { AccountRow } from './account.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';

export interface ProfileChange {
  /** Null takes it away. */
  readonly name?: string | null | undefined;
  /** What we write to them in. */
  readonly locale?: Language | undefined;
}

/**
 * Changes what is there, and leaves the rest.
 *
 * @throws {Problem} `session-ended`
 */
export async function changeProfile(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
  { name, locale }: ProfileChange,
): Promise<AccountRow> {
  const [changed] = await database.sql<AccountRow>`
    update users
    set name = case when ${name === undefined}::boolean then users.name else ${name ?? null} end,
      locale = coalesce(${locale ?? null}, users.locale), updated_at = now()
    from live_sessions
    where users.id = ${userId} and live_sessions.id = ${sessionId} and live_sessions.user_id = users.id
    returning users.id, users.email, users.name, users.locale, users.email_verified_at, users.created_at`;
  if (!changed) throw new Problem('session-ended');
  return changed;
}
