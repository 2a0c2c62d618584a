/** Who is asked by `npm run bench:rate-limit`: ours as it is deployed, and its peers as their documentation has them. */
import { createClient } from '@redis/client';
import { Redis } from '@upstash/redis';
import { createCoalescedRequester } from '../../hosts/node/redis/coalesced-requester.ts';
import { createRestRedis as createNodeRestRedis } from '../../hosts/core/node-rest-redis.ts';
import { toPipelines } from '../../hosts/node/redis/rate-limits.ts';
import { createRespRequester } from '../../hosts/node/redis/resp-requester.ts';
import { createLog } from '../../lib/core/log.ts';
import { createDenyCache } from '../../lib/rate-limit/deny-cache.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import type { RedisPipelines } from '../../lib/rate-limit/redis-pipelines.ts';
import { createRedisStore } from '../../lib/rate-limit/redis-store.ts';
import { createResilientStore } from '../../lib/rate-limit/resilient-store.ts';
import { createRestRedis } from '../../lib/rate-limit/rest-redis.ts';
import type { Policy, RateLimitStore } from '../../lib/rate-limit/store.ts';
import { type Check, flexibleCheck, honoCheck, upstashCheck } from './peer-checks.ts';

export type RuntimeName = 'node' | 'deno' | 'bun';

/** One Redis by both ways to it. */
export interface Way {
  readonly redisUrl: string;
  readonly url: string;
  readonly token: string;
}

export interface Contestant {
  readonly name: string;
  /** Where it is not deployed everywhere. */
  readonly runtime?: RuntimeName;
  readonly open: (way: Way) => Check | Promise<Check>;
}

const api: Policy = {
  name: 'api',
  limit: 100,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
};
const auth: Policy = { ...api, name: 'auth', limit: 50, windowMs: 900_000 };
const both = [api, auth] as const;

/** A deadline that no request of the bench meets. */
const deadlineMs = 5000;
const ofRequest = { deadlineMs: Number.POSITIVE_INFINITY };
const log = createLog({ write: console.error, level: 'warn' });

export const contestants: readonly Contestant[] = [
  { name: '@upstash/ratelimit (REST)', open: (way) => upstashCheck(new Redis(way), both) },
  { name: 'hono-rate-limiter (REST)', open: (way) => honoCheck(new Redis(way), both) },
  {
    name: 'rate-limiter-flexible (RESP)',
    open: async ({ redisUrl }) => flexibleCheck(await createClient({ url: redisUrl }).connect(), both),
  },
  {
    name: 'ours, on Lambda, Vercel, Netlify (REST)',
    runtime: 'node',
    open: ({ url, token }) => ourCheck(createNodeRestRedis({ url, token, deadlineMs }), ofRequest),
  },
  {
    name: 'ours, in the container (REST)',
    runtime: 'node',
    open: ({ url, token }) => ourCheck(toPipelines(createCoalescedRequester({ url, token, deadlineMs }))),
  },
  {
    name: 'ours, in the container (RESP)',
    runtime: 'node',
    open: async ({ redisUrl }) =>
      ourCheck(toPipelines(await createRespRequester({ target: { url: redisUrl }, log }))),
  },
  ...(['deno', 'bun'] as const).map((runtime) => ({
    name: 'ours (REST)',
    runtime,
    open: ({ url, token }: Way) => ourCheck(createRestRedis({ url, token, deadlineMs }), ofRequest),
  })),
  {
    // Where each request asks by itself; of the runtime only its fetch is another one there.
    name: 'ours, as on Workers (REST)',
    open: ({ url, token }) =>
      ourCheck(createRestRedis({ url, token, deadlineMs }), { ...ofRequest, together: false }),
  },
  { name: 'ours, without Redis', open: () => checkBy(createMemoryStore()) },
];

/** With a deadline of the limiter's own in the container, and at the edge that of a request over REST. */
function ourCheck(redis: RedisPipelines, { together = true, deadlineMs: own = deadlineMs } = {}): Check {
  const shared = createRedisStore({ redis, secret: 'of this bench', together });
  return checkBy(createDenyCache(createResilientStore({ shared, log, deadlineMs: own })));
}

function checkBy(store: RateLimitStore): Check {
  return async (key, policies) => {
    const id = crypto.randomUUID();
    return store.take((policies === 1 ? [api] : both).map((policy) => ({ policy, key, id })));
  };
}
