/** Idempotency keys of a bundle: over REST, and without a Redis not at all, since the next request may meet another process. */
import type { Environment } from '../../lib/core/env.ts';
import type { Keyring } from '../../lib/core/keyring.ts';
import { createRedisIdempotency } from '../../lib/idempotency/redis-store.ts';
import type { IdempotencyStore } from '../../lib/idempotency/store.ts';
import { createRestRedis } from '../../lib/rate-limit/rest-redis.ts';

/** Milliseconds. Whoever is refused has to come again, so Redis is waited for longer than a limit waits, which goes on without it. */
const deadlineMs = 1000;

/** The host demands both variables of whoever asks for this (`host.ts`). */
export function createIdempotency(
  { UPSTASH_REDIS_REST_URL: url = '', UPSTASH_REDIS_REST_TOKEN: token = '' }: Environment,
  keyring: Keyring,
): IdempotencyStore {
  return createRedisIdempotency({
    redis: createRestRedis({ url, token, deadlineMs }),
    keyring,
  });
}
