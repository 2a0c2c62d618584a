/**
 * The limiter of all processes: what `sliding-window.lua.ts` decides in Redis, asked over the Upstash REST protocol.
 * All checks of a request travel in one pipelined HTTP request, each as a script call on one key of its own, so
 * that it runs on a cluster as well.
 */
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { hashId } from './hash-id.ts';
import { slidingWindow } from './sliding-window.lua.ts';
import { toCost } from './store.ts';
import type { Check, Policy, RateLimitStore, Decision } from './store.ts';

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
    // 132 bits: no two callers meet, and none is found again by whoever reads the keys.
    const digest = createHmac('sha256', hashKey).update(`${name}\n${key}`).digest('base64url');
    return `rl:${name}:${shape}:${digest.slice(0, 22)}`;
  }

  async function run(verb: 'take' | 'refund', checks: readonly Check[]): Promise<unknown[]> {
    const calls = checks.map((check): Call => {
      const { limit, windowMs } = check.policy;
      const form = limit > longestLog ? 'buckets' : 'log';
      return {
        keys: [toKey(check.policy, check.key)],
        argv: [
          verb,
          form,
          hashId(check.id).toString(36),
          String(toCost(check)),
          String(limit),
          String(windowMs),
        ],
      };
    });
    const first = redis.pipeline();
    for (const { keys, argv } of calls) first.evalsha(sha, keys, argv);
    const answers = await ask(first);
    const unknown = calls.filter((_, nth) => answers[nth]?.error?.startsWith('NOSCRIPT'));
    if (unknown.length > 0) {
      const second = redis.pipeline();
      for (const { keys, argv } of unknown) second.eval(script, keys, argv);
      const late = await ask(second);
      for (const [nth, call] of unknown.entries()) answers[calls.indexOf(call)] = late[nth] ?? {};
    }
    return calls.map((_, nth) => toResult(answers[nth]));
  }

  return {
    take: async (checks) => (checks.length === 0 ? [] : (await run('take', checks)).map(parseDecision)),
    refund: async (check) => void (await run('refund', [check])),
    reset: async (policy, key) => {
      const pipeline = redis.pipeline();
      pipeline.del(toKey(policy, key));
      const [answer] = await ask(pipeline);
      toResult(answer);
    },
  };
}

interface Call {
  readonly keys: string[];
  readonly argv: string[];
}

/** What the store needs of a client: `@upstash/redis` has it, and so has the thin one of `rest-redis.ts`. */
export interface RedisPipelines {
  readonly pipeline: () => RedisPipeline;
}

interface RedisPipeline {
  readonly evalsha: (sha: string, keys: string[], argv: string[]) => unknown;
  readonly eval: (script: string, keys: string[], argv: string[]) => unknown;
  readonly del: (key: string) => unknown;
  readonly exec: (options: { keepErrors: true }) => Promise<Answer[]>;
}

interface Answer {
  readonly result?: unknown;
  readonly error?: string | undefined;
}

function ask(pipeline: RedisPipeline): Promise<Answer[]> {
  return pipeline.exec({ keepErrors: true }).catch((error: unknown) => {
    // Without its cause: `@upstash/redis` repeats the whole command in its errors, and those reach the log.
    throw new Error(toMessage(error));
  });
}

function toResult({
  result,
  error = result === undefined ? 'an answer is missing' : undefined,
}: Answer = {}): unknown {
  if (error !== undefined) throw new Error(toMessage(error));
  return result;
}

function toMessage(error: unknown): string {
  const text = error instanceof Error ? (codeOf(error.cause) ?? error.message) : String(error);
  const [told = ''] = text.split(/, command was|, with args|\n/, 1);
  return `Redis could not be asked: ${told.slice(0, 120)}`;
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return String(cause.code);
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
