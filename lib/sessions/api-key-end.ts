/** API keys that change or end before a process looks them up again. */
import type { Services } from '../http/services.ts';
import type { Revocation } from '../rate-limit/store.ts';
import { accessTokenLifetime } from '../security/jwt.ts';

/** Whose a key is: a person's, or the organization's own. */
export interface KeyOfSomebody {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string | null;
}

// Tokens that were issued for a key live longer than what a process knows of it.
const lastsMs = accessTokenLifetime * 1000;

/** When a key ended for good: nothing that is known of it counts, whenever it was looked up. */
export const always = Number.MAX_SAFE_INTEGER;

/** As `RevocationCheck` has it: one key of the store each. */
function toSubject({ organizationId, userId }: Omit<KeyOfSomebody, 'id'>): string {
  return userId === null ? `organization:${organizationId}` : `user:${userId}`;
}

/** What the store is told of keys that changed or ended. */
export function toKeyRevocations(keys: readonly KeyOfSomebody[], at: number): readonly Revocation[] {
  return keys.map((key) => ({ subject: toSubject(key), parts: [`key:${key.id}`], at, lastsMs }));
}

/**
 * Has what is known of the keys from before looked up again, wherever the store is shared; where it is away that takes half a
 * minute. To be called after the commit.
 *
 * @param at as `toCommitTime` has it, or `always`
 */
export async function endKnownKeys(
  { rateLimits }: Pick<Services, 'rateLimits'>,
  keys: readonly KeyOfSomebody[],
  at: number,
): Promise<void> {
  if (keys.length > 0) await rateLimits.revoke(toKeyRevocations(keys, at));
}
