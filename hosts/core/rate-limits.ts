/** The limiter of a function that is bundled with its host: shared over REST, or of this one process without Redis. */
import type { Environment } from '../../lib/core/env.ts';
import type { Log } from '../../lib/core/log.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { createRestRedis } from '../../lib/rate-limit/rest-redis.ts';
import { createSharedRateLimits, type RateLimits } from './shared-rate-limits.ts';
import type { Keyring } from '../../lib/core/keyring.ts';

export function createRestRateLimits(
  { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN }: Environment,
  parts: { log: Log; keyring: Keyring },
  /** Whether one process answers several requests at once, and may ask for all of them together. */
  { together }: { together: boolean },
): Pick<RateLimits, 'store' | 'checks'> {
  if (UPSTASH_REDIS_REST_URL === undefined || UPSTASH_REDIS_REST_TOKEN === undefined)
    return { store: createMemoryStore(), checks: [] };
  const redis = createRestRedis({
    url: UPSTASH_REDIS_REST_URL,
    token: UPSTASH_REDIS_REST_TOKEN,
  });
  // A request over REST ends at its own deadline.
  return createSharedRateLimits(redis, { ...parts, together, deadlineMs: Number.POSITIVE_INFINITY });
}
