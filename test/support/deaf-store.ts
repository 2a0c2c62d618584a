/** Limits of a process that hears of no revocation, as while Redis is away: what ends a session there is the database alone. */
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import type { RateLimitStore } from '../../lib/rate-limit/store.ts';

export function createDeafStore(): RateLimitStore {
  return { ...createMemoryStore(), revoke: () => Promise.resolve() };
}
