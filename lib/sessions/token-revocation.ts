/** Access tokens that end before their time. The guard asks the store of the limits for it, in the round trip of the limits. */
import type { Services } from '../http/services.ts';
import { accessTokenLifetime } from '../security/jwt.ts';

/** The sessions of one person that a statement has revoked, as it returns them. */
export interface RevokedSessions {
  readonly userId: string;
  readonly revokedIds: readonly string[];
}

const lastsMs = accessTokenLifetime * 1000;

// A session that was revoked does not come back, so that none of its tokens counts, whenever it was issued.
const always = Number.MAX_SAFE_INTEGER;

/**
 * Has the access tokens of revoked sessions refused from now on, wherever the store is shared; where it is away they expire by
 * themselves. To be called after the commit: a token of before may be issued until then.
 */
export async function endTokensOfSessions(
  { rateLimits }: Pick<Services, 'rateLimits'>,
  { userId, revokedIds }: RevokedSessions,
): Promise<void> {
  if (revokedIds.length === 0) return;
  const parts = revokedIds.map((id) => `session:${id}`);
  await rateLimits.revoke([{ subject: `user:${userId}`, parts, at: always, lastsMs }]);
}

/** The same for every token of a person, whose account is gone. */
export async function endTokensOfUser(
  { rateLimits }: Pick<Services, 'rateLimits'>,
  userId: string,
): Promise<void> {
  await rateLimits.revoke([{ subject: `user:${userId}`, parts: ['all'], at: always, lastsMs }]);
}
