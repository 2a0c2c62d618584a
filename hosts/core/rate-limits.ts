/** The limiter of a function that is bundled with its host: shared over REST, or of this one process without Redis. */
import { createHmac } from 'node:crypto';
import type { Environment } from '../../lib/core/env.ts';
import type { Log } from '../../lib/core/log.ts';
import { createDenyCache } from '../../lib/rate-limit/deny-cache.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { createRedisStore } from '../../lib/rate-limit/redis-store.ts';
import { createResilientStore } from '../../lib/rate-limit/resilient-store.ts';
import { createRestRedis } from '../../lib/rate-limit/rest-redis.ts';
import type { OpenedParts } from './services.ts';

export function createRestRateLimits(
  { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN }: Environment,
  { log, tokenSecret }: { log: Log; tokenSecret: string },
): OpenedParts['rateLimits'] {
  if (UPSTASH_REDIS_REST_URL === undefined || UPSTASH_REDIS_REST_TOKEN === undefined)
    return { store: createMemoryStore(), checks: [] };
  const redis = createRestRedis({ url: UPSTASH_REDIS_REST_URL, token: UPSTASH_REDIS_REST_TOKEN });
  // The same key as the router's: functions at the edge and on a VPS count together.
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
  };
}
