/** Keys that change or end before a process looks them up again. */
import type { Services } from '../http/services.ts';
import { accessTokenLifetime } from '../security/jwt.ts';
import type { KeyOfSomebody } from './api-key-notice.ts';

// Tokens that were issued for a key live longer than what a process knows of it.
const lastsMs = accessTokenLifetime * 1000;

/** Whose keys they are, as `RevocationCheck` has it: one key of the store each. */
function toSubject({ organizationId, userId }: Omit<KeyOfSomebody, 'id'>): string {
  return userId === null ? `organization:${organizationId}` : `user:${userId}`;
}

/**
 * Has what is known of the keys from before looked up again, wherever the store is shared; where it is away that takes half a
 * minute. To be called after the commit.
 *
 * @param at as `toCommitTime` has it
 */
export async function endKnownKeys(
  { rateLimits }: Pick<Services, 'rateLimits'>,
  keys: readonly KeyOfSomebody[],
  at: number,
): Promise<void> {
  if (keys.length === 0) return;
  await rateLimits.revoke(
    keys.map((key) => ({ subject: toSubject(key), parts: [`key:${key.id}`], at, lastsMs })),
  );
}
