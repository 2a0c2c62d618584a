/**
 * The limiter of the container: shared by Redis, straight where it can be reached and over REST where it can't, or of this
 * one process where no Redis is named.
 */
import { createHmac } from 'node:crypto';
import { Redis, type Requester } from '@upstash/redis';
import type { Environment } from '../../../lib/core/env.ts';
import type { HealthCheck } from '../../../lib/core/health.ts';
import type { Log } from '../../../lib/core/log.ts';
import { createDenyCache } from '../../../lib/rate-limit/deny-cache.ts';
import { createMemoryStore } from '../../../lib/rate-limit/memory-store.ts';
import { createRedisStore } from '../../../lib/rate-limit/redis-store.ts';
import { createResilientStore, type StoreState } from '../../../lib/rate-limit/resilient-store.ts';
import type { RateLimitStore } from '../../../lib/rate-limit/store.ts';
import { createCoalescedRequester } from './coalesced-requester.ts';

export interface RateLimits {
  readonly store: RateLimitStore;
  /** What health asks of Redis, if there is one. */
  readonly checks: readonly HealthCheck[];
  readonly state: () => StoreState;
  readonly close: () => void;
}

export async function createRateLimits(
  environment: Environment,
  { log, tokenSecret }: { log: Log; tokenSecret: string },
): Promise<RateLimits> {
  const requester = await connect(environment, log);
  if (!requester) {
    const alone = { degraded: false, degradedDecisions: 0 };
    return { store: createMemoryStore(), checks: [], state: () => alone, close: () => undefined };
  }
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
    state: shared.state,
    close: requester.close,
  };
}

async function connect(
  { REDIS_URL, UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN }: Environment,
  log: Log,
): Promise<(Requester & { readonly close: () => void }) | undefined> {
  if (REDIS_URL !== undefined) {
    // Loaded only here: the client of RESP is the heaviest package of all, and most starts don't need it.
    const { createRespRequester } = await import('./resp-requester.ts');
    return createRespRequester({ target: { url: REDIS_URL }, log });
  }
  if (UPSTASH_REDIS_REST_URL === undefined || UPSTASH_REDIS_REST_TOKEN === undefined) return undefined;
  return createCoalescedRequester({ url: UPSTASH_REDIS_REST_URL, token: UPSTASH_REDIS_REST_TOKEN });
}
