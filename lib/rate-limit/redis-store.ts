/**
 * The limiter of all processes: what `sliding-window.lua.ts` decides in Redis, asked over the Upstash REST protocol.
 * All checks of a request travel in one pipelined HTTP request, each as a call on one key of its own, so
 * that it runs on a cluster as well.
 */
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { hashId } from './hash-id.ts';
import { ask, type RedisPipelines, toResult } from './redis-pipelines.ts';
import { slidingWindow } from './sliding-window.lua.ts';
import { revoke } from './revoke.lua.ts';
import { isRevocationCheck, toCost, toUnitless } from './store.ts';
import type { Check, Policy, RateLimitStore, Decision, Revocation, RevocationCheck } from './store.ts';

// Above 128 members a sorted set leaves its compact form and takes thirty times the memory.
const longestLog = 128;

/**
 * `redis` is used for its pipelines only. `secret` keys the hashes that stand in Redis in place of addresses and mail
 * addresses. `script` is there for the tests, which move its clock. Every call rejects when Redis can't be asked;
 * there are no retries and no deadline here: `resilient-store.ts` knows what to do then.
 *
 * @example const store = createRedisStore({ redis: new Redis({ url, token, retry: false }), secret });
 */
export function createRedisStore({
  redis,
  secret,
  script = slidingWindow,
}: {
  redis: RedisPipelines;
  secret: string;
  script?: string;
}): RateLimitStore {
  const sha = createHash('sha1').update(script).digest('hex');
  const hashKey = createSecretKey(secret, 'utf8');

  function toKey({ name, limit, windowMs }: Policy, key: string): string {
    // The shape is part of the name, so that a policy may change while its old keys are still there.
    const shape = limit > longestLog ? `buckets-${String(windowMs)}` : 'log';
    return `rl:${name}:${shape}:${digest(`${name}\n${key}`)}`;
  }

  /** 132 bits: no two callers meet, and none is found again by whoever reads the keys. */
  function digest(text: string): string {
    return createHmac('sha256', hashKey).update(text).digest('base64url').slice(0, 22);
  }

  /** Its fields are the parts: ids of ours, which say nothing to whoever reads them. */
  function toRevocationKey({ subject }: Pick<Revocation, 'subject'>): string {
    return `revoked:${digest(`revoked\n${subject}`)}`;
  }

  function toCall(verb: 'take' | 'refund', check: Check): ScriptCall {
    const { limit, windowMs } = check.policy;
    const form = limit > longestLog ? 'buckets' : 'log';
    const numbers = [String(toCost(check)), String(limit), String(windowMs)];
    return {
      keys: [toKey(check.policy, check.key)],
      argv: [verb, form, hashId(check.id).toString(36), ...numbers],
    };
  }

  async function run(calls: readonly (ScriptCall | RevocationCheck)[]): Promise<unknown[]> {
    const first = redis.pipeline();
    for (const call of calls) {
      if ('argv' in call) first.evalsha(sha, call.keys, call.argv);
      else first.hmget(toRevocationKey(call), ...call.parts);
    }
    const answers = await ask(first);
    const unknown = calls.filter(
      (call, nth): call is ScriptCall =>
        'argv' in call && answers[nth]?.error?.startsWith('NOSCRIPT') === true,
    );
    if (unknown.length > 0) {
      const second = redis.pipeline();
      for (const { keys, argv } of unknown) second.eval(script, keys, argv);
      const late = await ask(second);
      for (const [nth, call] of unknown.entries()) answers[calls.indexOf(call)] = late[nth] ?? {};
    }
    return calls.map((_, nth) => toResult(answers[nth]));
  }

  return {
    take: async (checks) => {
      if (checks.length === 0) return [];
      const results = await run(
        checks.map((check) => (isRevocationCheck(check) ? check : toCall('take', check))),
      );
      return checks.map((check, nth) =>
        isRevocationCheck(check) ? toUnitless(isCurrent(check, results[nth])) : parseDecision(results[nth]),
      );
    },
    refund: async (check) => void (await run([toCall('refund', check)])),
    revoke: async (revocations) => {
      const pipeline = redis.pipeline();
      for (const revocation of revocations) {
        const { parts, at, lastsMs } = revocation;
        pipeline.eval(revoke, [toRevocationKey(revocation)], [String(at), String(lastsMs), ...parts]);
      }
      (await ask(pipeline)).forEach(toResult);
    },
    reset: async (policy, key) => {
      const pipeline = redis.pipeline();
      pipeline.del(toKey(policy, key));
      const [answer] = await ask(pipeline);
      toResult(answer);
    },
  };
}

interface ScriptCall {
  readonly keys: string[];
  readonly argv: string[];
}

/** `@upstash/redis` answers HMGET by an object of what is there, or null; the protocol by a list. */
function isCurrent({ asOf }: RevocationCheck, answer: unknown): boolean {
  const times = Object.values(typeof answer === 'object' && answer !== null ? answer : {});
  return times.every((time) => time === null || Number(time) < asOf);
}

function parseDecision(answer: unknown): Decision {
  if (Array.isArray(answer)) {
    const [allowed, ...numbers]: unknown[] = answer;
    const [remaining, resetAfterMs, retryAfterMs] = numbers.filter((number) => typeof number === 'number');
    if (remaining !== undefined && resetAfterMs !== undefined && retryAfterMs !== undefined)
      return { allowed: allowed === 1, remaining, resetAfterMs, retryAfterMs };
  }
  throw new Error('Redis answered a check by something else than a decision');
}
