/** What the peers do for a check, each as its documentation has it. */
import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '@upstash/redis';
import { RedisStore } from 'hono-rate-limiter';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Policy } from '../../lib/rate-limit/store.ts';

/** Decides one request: by the first policy, or by both. */
export type Check = (key: string, policies: 1 | 2) => Promise<unknown>;

export type Policies = readonly [Policy, Policy];

/** A peer asks once for each policy, both at the same time. */
function checkEach(
  checks: readonly [(key: string) => Promise<unknown>, (key: string) => Promise<unknown>],
): Check {
  return (key, policies) => Promise.all(checks.slice(0, policies).map((ask) => ask(key)));
}

/** @param redis with the defaults of `@upstash/redis` */
export function upstashCheck(redis: Redis, both: Policies): Check {
  const limiterOf = ({ name, limit, windowMs }: Policy) => {
    const limiter = Ratelimit.slidingWindow(limit, `${windowMs} ms`);
    const ratelimit = new Ratelimit({ redis, limiter, prefix: `upstash:${name}` });
    return (key: string) => ratelimit.limit(key);
  };
  return checkEach([limiterOf(both[0]), limiterOf(both[1])]);
}

/** @param redis with the defaults of `@upstash/redis` */
export function honoCheck(redis: Redis, both: Policies): Check {
  const client = {
    scriptLoad: (script: string) => redis.scriptLoad(script),
    evalsha: <Args extends unknown[], Data>(sha: string, keys: string[], args: Args) =>
      redis.evalsha<Args, Data>(sha, keys, args),
    decr: (key: string) => redis.decr(key),
    del: (key: string) => redis.del(key),
  };
  const limiterOf = ({ name, windowMs }: Policy) => {
    const store = new RedisStore({ client, prefix: `hono:${name}:` });
    store.windowMs = windowMs;
    return (key: string) => store.increment(key);
  };
  return checkEach([limiterOf(both[0]), limiterOf(both[1])]);
}

/** @param redis a client of `@redis/client`, connected */
export function flexibleCheck(redis: object, both: Policies): Check {
  const limiterOf = ({ name, limit, windowMs }: Policy) => {
    const limiter = new RateLimiterRedis({
      storeClient: redis,
      useRedisPackage: true,
      points: limit,
      duration: windowMs / 1000,
      keyPrefix: `flexible:${name}`,
    });
    return (key: string) => limiter.consume(key);
  };
  return checkEach([limiterOf(both[0]), limiterOf(both[1])]);
}
