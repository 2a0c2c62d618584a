/**
 * As much of the Upstash REST protocol as the limiter asks for, by `fetch`. It stands where a function is bundled with its
 * host: `@upstash/redis` weighs 78 kB there, of which nothing can be shaken off. Where Node runs, `hosts/core/node-rest-redis.ts`
 * stands in for it.
 */
import {
  type Answer,
  type Command,
  createPipelines,
  parseAnswers,
  type RedisPipelines,
} from './redis-pipelines.ts';

export interface RestRedisOptions {
  readonly url: string;
  readonly token: string;
  readonly deadlineMs?: number;
}

/** No retries; after `deadlineMs` the request is given up, so that a store which hangs holds no connections. */
export function createRestRedis({ url, token, deadlineMs = 250 }: RestRedisOptions): RedisPipelines {
  const target = `${url.replace(/\/$/, '')}/pipeline`;

  async function send(commands: readonly Command[]): Promise<Answer[]> {
    const response = await fetch(target, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(commands),
      signal: AbortSignal.timeout(deadlineMs),
    });
    return parseAnswers(await response.text(), response.status);
  }

  return createPipelines(send);
}
