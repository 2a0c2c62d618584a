/**
 * The container's short way to Redis: what `@upstash/redis` would send over HTTP goes over the REST endpoint's own link to
 * Redis instead, one connection that all callers share, to one server or to a cluster.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Requester } from '@upstash/redis';
import type { Log } from '../../../lib/core/log.ts';
import { createRedis, RedisAway } from '../../../redis-rest/redis.ts';
import type { RedisTarget } from '../../../redis-rest/redis.ts';
import type { Reply } from '../../../redis-rest/reply.ts';

export interface RespRequester extends Requester {
  readonly close: () => void;
}

// Past it the connection itself is given up. The limiter gives up before that, but where turns are long.
const deadlineMs = 1000;

/**
 * Waits for Redis for a second and then goes on without it, as it does whenever Redis is away: a request fails at once, and
 * the connection comes back by itself.
 *
 * @example const redis = new Redis(await createRespRequester({ target: { url: 'redis://redis:6379' }, log }));
 */
export async function createRespRequester({
  target,
  log,
}: {
  target: RedisTarget;
  log: Log;
}): Promise<RespRequester> {
  const redis = createRedis({ target, deadlineMs, log });
  const givesUpAt = performance.now() + deadlineMs;
  while (redis.table() === undefined && performance.now() < givesUpAt) await sleep(5);

  async function run(commands: readonly unknown[][]): Promise<Answer[]> {
    const outcomes = await redis.run(
      commands.map(([name, ...args]) => [String(name), ...args.map(String)] as const),
      'values',
    );
    return outcomes.map(toAnswer);
  }

  return {
    // The interface leaves the type of an answer to whoever asks.
    request: async <Result>({ path = [], body }: { path?: string[]; body?: unknown }) => {
      const answers =
        path[0] === 'pipeline' ? await run(body as unknown[][]) : (await run([body as unknown[]]))[0];
      return answers as { result?: Result; error?: string };
    },
    close: redis.destroy,
  };
}

type Answer = { readonly result: unknown } | { readonly error: string };

function toAnswer(outcome: Reply | RedisAway): Answer {
  // Not an answer of Redis but none at all: for the whole request, as when HTTP fails.
  if (outcome instanceof RedisAway) throw outcome;
  return outcome instanceof Error ? { error: toText(outcome.message) } : { result: outcome };
}

/** Only the link to a cluster follows a move; by the address of one node it ends here, and a slot and a port tell nobody why. */
function toText(error: string): string {
  return error.startsWith('MOVED ')
    ? 'this is a node of a cluster, and another one has the key: set REDIS_CLUSTER_URLS in place of REDIS_URL'
    : error;
}
