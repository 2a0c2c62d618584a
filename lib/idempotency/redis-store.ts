/** The store of all processes, in the Redis of the limits. Answers are sealed there: they are a product's, and of whoever asked. */
import type { Keyring } from '../core/keyring.ts';
import { seal, unseal } from '../core/sealing.ts';
import { ask, type RedisPipelines, toResult } from '../rate-limit/redis-pipelines.ts';
import { runScript } from './run.lua.ts';
import { type IdempotencyStore, leaseMs, rememberedMs, type Run, type Standing } from './store.ts';

/**
 * There are no retries and no deadline here: the client has its own.
 *
 * @param script there for the tests, which move its clock
 *
 * @example const store = createRedisIdempotency({ redis: createRestRedis({ url, token }), keyring });
 */
export function createRedisIdempotency({
  redis,
  keyring,
  script = runScript,
}: {
  redis: RedisPipelines;
  keyring: Keyring;
  script?: string;
}): IdempotencyStore {
  async function run(verb: string, { name, fingerprint, owner }: Run, value = ''): Promise<unknown> {
    const pipeline = redis.pipeline();
    pipeline.eval(script, [`idempotency:${name}`], [verb, fingerprint, owner, String(rememberedMs), value]);
    const [answer] = await ask(pipeline);
    return toResult(answer);
  }

  const toPlace = ({ name }: Run) => ({ table: 'idempotency', id: name });

  /** Undefined where it was not kept, or was sealed under a secret that has been taken out since. */
  function open(attempt: Run, answer: unknown): string | undefined {
    if (typeof answer !== 'string' || answer === '') return undefined;
    try {
      return unseal(keyring, toPlace(attempt), Buffer.from(answer, 'base64'));
    } catch {
      return undefined;
    }
  }

  function toStanding(attempt: Run, reply: unknown): Standing {
    const [kind, value]: unknown[] = Array.isArray(reply) ? reply : [];
    if (kind === 'begun' || kind === 'taken') return { kind };
    if (kind === 'running') return { kind, retryAfterMs: Number(value) };
    if (kind === 'done') return { kind, answer: open(attempt, value) };
    throw new Error('Redis answered a run by something else than its standing');
  }

  return {
    begin: async (attempt) => toStanding(attempt, await run('begin', attempt, String(leaseMs))),
    complete: async (attempt, answer) => {
      const sealed = answer === undefined ? undefined : seal(keyring, toPlace(attempt), answer);
      await run('complete', attempt, sealed && Buffer.from(sealed).toString('base64'));
    },
    release: async (attempt) => void (await run('release', attempt)),
  };
}
