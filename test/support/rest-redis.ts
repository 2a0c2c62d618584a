/** A Redis, the REST endpoint before it, and a client of that with time enough for a busy machine. */
import type { Redis } from '@upstash/redis';
import { startRedisRest, type RedisRestServer } from './redis-rest-server.ts';
import { startRedis } from './redis-server.ts';
import { createUpstashRedis } from './upstash-redis.ts';

export interface RestRedis {
  readonly endpoint: RedisRestServer;
  readonly redis: Redis;
  readonly close: () => Promise<void>;
}

export async function startRestRedis(): Promise<RestRedis> {
  const server = await startRedis();
  const endpoint = await startRedisRest(server.port);
  return {
    endpoint,
    redis: createUpstashRedis({ ...endpoint, deadlineMs: 5000 }),
    close: async () => {
      await endpoint.close();
      await server.close();
    },
  };
}
