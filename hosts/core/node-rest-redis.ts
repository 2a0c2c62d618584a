/** What stands in for `lib/rate-limit/rest-redis.ts` in a bundle that Node runs (`scripts/bundle/targets.ts`). */
import { createPipelines, type RedisPipelines } from '../../lib/rate-limit/redis-pipelines.ts';
import type { RestRedisOptions } from '../../lib/rate-limit/rest-redis.ts';
import { createRestConnections } from './rest-connections.ts';

/** As the other one has it: no retries, and a deadline. */
export function createRestRedis(options: RestRedisOptions): RedisPipelines {
  return createPipelines(createRestConnections(options).send);
}
