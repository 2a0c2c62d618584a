/**
 * As much of the Upstash REST protocol as the limiter asks for. It stands where a function is bundled
 * with its host: `@upstash/redis` weighs 78 kB there, of which nothing can be shaken off.
 */
import type { RedisPipelines } from './redis-store.ts';

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

/** No retries; after `deadlineMs` the request is given up, so that a store which hangs holds no connections. */
export function createRestRedis({
  url,
  token,
  deadlineMs = 250,
}: {
  url: string;
  token: string;
  deadlineMs?: number;
}): RedisPipelines {
  const target = `${url.replace(/\/$/, '')}/pipeline`;

  async function send(commands: readonly (readonly string[])[]): Promise<Answer[]> {
    const response = await fetch(target, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(commands),
      signal: AbortSignal.timeout(deadlineMs),
    });
    const answers: unknown = await response.json();
    if (!response.ok || !Array.isArray(answers))
      throw new Error(`the REST route answered ${String(response.status)}`);
    return answers;
  }

  return {
    pipeline: () => {
      const commands: string[][] = [];
      const call = (name: string) => (script: string, keys: readonly string[], argv: readonly string[]) =>
        commands.push([name, script, String(keys.length), ...keys, ...argv]);
      return {
        evalsha: call('EVALSHA'),
        eval: call('EVAL'),
        hmget: (...args) => commands.push(['HMGET', ...args]),
        del: (key) => commands.push(['DEL', key]),
        exec: () => send(commands),
      };
    },
  };
}
