/** The limiter over a Redis that all hosts share, whichever way that Redis is reached. */
import type { HealthCheck } from '../../lib/core/health.ts';
import type { Log } from '../../lib/core/log.ts';
import { createDenyCache } from '../../lib/rate-limit/deny-cache.ts';
import { createRedisStore } from '../../lib/rate-limit/redis-store.ts';
import type { RedisPipelines } from '../../lib/rate-limit/redis-pipelines.ts';
import { createResilientStore, type StoreState } from '../../lib/rate-limit/resilient-store.ts';
import type { RateLimitStore } from '../../lib/rate-limit/store.ts';
import type { Keyring } from '../../lib/core/keyring.ts';

export interface RateLimits {
  readonly store: RateLimitStore;
  /** What health asks of Redis, if there is one. */
  readonly checks: readonly HealthCheck[];
  readonly state: () => StoreState;
}

/**
 * Its key is its own, so that what stands in Redis says nothing about what else the secret keys; and the same one on every
 * host, so that functions at the edge and on a VPS count together.
 *
 * @param parts.deadlineMs as `createResilientStore` has it
 */
export function createSharedRateLimits(
  redis: RedisPipelines,
  parts: { log: Log; keyring: Keyring; together?: boolean; deadlineMs?: number },
): RateLimits {
  const { log, keyring, together = false, deadlineMs } = parts;
  const secret = keyring.newest.mac('rate-limits').toString('base64url');
  const shared = createResilientStore({
    shared: createRedisStore({ redis, secret, together }),
    log,
    deadlineMs,
  });
  return {
    store: createDenyCache(shared),
    checks: [
      {
        name: 'redis:responseTime',
        onFailure: 'warn',
        affectedEndpoints: ['/v1/*'],
        // So that the limits are shared again as soon as health has found Redis back, though nobody is limited.
        ping: shared.probe,
      },
    ],
    state: shared.state,
  };
}
