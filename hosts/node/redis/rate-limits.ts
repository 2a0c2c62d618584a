/**
 * The limiter of the container: shared by Redis, straight where it can be reached and over REST where it can't, or of this
 * one process where no Redis is named.
 */
import type { Requester } from '@upstash/redis';
import type { Environment } from '../../../lib/core/env.ts';
import type { Log } from '../../../lib/core/log.ts';
import { createMemoryIdempotency } from '../../../lib/idempotency/memory-store.ts';
import { createRedisIdempotency } from '../../../lib/idempotency/redis-store.ts';
import type { IdempotencyStore } from '../../../lib/idempotency/store.ts';
import { createMemoryStore } from '../../../lib/rate-limit/memory-store.ts';
import { createPipelines, type RedisPipelines } from '../../../lib/rate-limit/redis-pipelines.ts';
import { slidingWindow } from '../../../lib/rate-limit/redis-script.ts';
import type { RedisTarget } from '../../../redis-rest/redis.ts';
import { createSharedRateLimits, type RateLimits } from '../../core/shared-rate-limits.ts';
import { createCoalescedRequester } from './coalesced-requester.ts';
import type { Keyring } from '../../../lib/core/keyring.ts';

export interface NodeRateLimits extends RateLimits {
  /** What is kept in the same Redis. */
  readonly idempotency: IdempotencyStore;
  readonly close: () => void;
}

/** What looks on, where somebody asked for it. */
export interface RedisTelemetry {
  readonly requester: (requester: Requester) => Requester;
  readonly traceHeaders: () => Readonly<Record<string, string>>;
}

export async function createRateLimits(
  environment: Environment,
  parts: { log: Log; keyring: Keyring; telemetry?: RedisTelemetry | undefined },
): Promise<NodeRateLimits> {
  const { telemetry } = parts;
  const requester = await connectRedis(environment, parts.log, { traceHeaders: telemetry?.traceHeaders });
  if (!requester) {
    const alone = { degraded: false, degradedDecisions: 0 };
    const idempotency = createMemoryIdempotency();
    return {
      store: createMemoryStore(),
      checks: [],
      state: () => alone,
      close: () => undefined,
      idempotency,
    };
  }
  // Now, while the file can be read: Node remembers an import() that failed, for good.
  await slidingWindow.load();
  const redis = toPipelines(telemetry?.requester(requester) ?? requester);
  const idempotency = createRedisIdempotency({ redis, keyring: parts.keyring });
  return {
    ...createSharedRateLimits(redis, { ...parts, together: true }),
    close: requester.close,
    idempotency,
  };
}

export function toPipelines(requester: Requester): RedisPipelines {
  return createPipelines(async (commands) => {
    const answers: unknown = await requester.request({ path: ['pipeline'], body: commands });
    if (!Array.isArray(answers)) throw new Error('a pipeline was answered by something else than a list');
    return answers;
  });
}

/** Which variables say where Redis is. */
export type RedisVariables = Pick<
  Environment,
  'REDIS_URL' | 'REDIS_CLUSTER_URLS' | 'UPSTASH_REDIS_REST_URL' | 'UPSTASH_REDIS_REST_TOKEN'
>;

interface ConnectOptions {
  /** Of a request over REST. */
  readonly deadlineMs?: number | undefined;
  readonly traceHeaders?: RedisTelemetry['traceHeaders'] | undefined;
}

/** Undefined where no Redis is named. */
export async function connectRedis(
  { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN, ...overResp }: RedisVariables,
  log: Log,
  { traceHeaders, deadlineMs }: ConnectOptions = {},
): Promise<(Requester & { readonly close: () => void }) | undefined> {
  const target = toTarget(overResp);
  if (target) {
    // Loaded only here: the client of RESP is the heaviest package of all, and most starts don't need it.
    const { createRespRequester } = await import('./resp-requester.ts');
    return createRespRequester({ target, log });
  }
  if (UPSTASH_REDIS_REST_URL === undefined || UPSTASH_REDIS_REST_TOKEN === undefined) return undefined;
  const [url, token] = [UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN];
  return createCoalescedRequester({ url, token, traceHeaders, deadlineMs });
}

function toTarget({
  REDIS_URL: url,
  REDIS_CLUSTER_URLS: [first, ...others] = [],
}: Pick<RedisVariables, 'REDIS_URL' | 'REDIS_CLUSTER_URLS'>): RedisTarget | undefined {
  if (first !== undefined) return { clusterUrls: [first, ...others] };
  return url === undefined ? undefined : { url };
}
