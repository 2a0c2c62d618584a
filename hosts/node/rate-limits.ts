/** The limiter of the container: shared by Redis over REST, or of this one process where no Redis is named. */
import { createHmac } from 'node:crypto';
import { Redis } from '@upstash/redis';
import type { Environment } from '../../lib/env.ts';
import type { HealthCheck } from '../../lib/health.ts';
import type { Log } from '../../lib/log.ts';
import { createDenyCache } from '../../lib/rate-limit/deny-cache.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { createRedisStore } from '../../lib/rate-limit/redis-store.ts';
import { createResilientStore } from '../../lib/rate-limit/resilient-store.ts';
import type { RateLimitStore } from '../../lib/rate-limit/store.ts';
import { createCoalescedRequester } from './coalesced-requester.ts';

export interface RateLimits {
  readonly store: RateLimitStore;
  /** What health asks of Redis, if there is one. */
  readonly checks: readonly HealthCheck[];
  readonly close: () => void;
}

export function createRateLimits(
  { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Environment,
  { log, tokenSecret }: { log: Log; tokenSecret: string },
): RateLimits {
  if (url === undefined || token === undefined) {
    return { store: createMemoryStore(), checks: [], close: () => undefined };
  }
  const requester = createCoalescedRequester({ url, token });
  const redis = new Redis(requester);
  // A key of its own, so that what stands in Redis says nothing about what else the secret keys.
  const secret = createHmac('sha256', tokenSecret).update('rate-limits').digest('base64url');
  const shared = createResilientStore({ shared: createRedisStore({ redis, secret }), log });
  return {
    store: createDenyCache(shared),
    checks: [
      {
        name: 'redis:responseTime',
        onFailure: 'warn',
        affectedEndpoints: ['/v1/*'],
        ping: async () => {
          await redis.ping();
          if (shared.state().degraded) throw new Error('rate limits are decided without Redis');
        },
      },
    ],
    close: requester.close,
  };
}
