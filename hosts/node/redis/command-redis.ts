/** Redis as a command asks it, whose reader wants to know why it could not be asked. */
import type { Requester } from '@upstash/redis';
import { withDeadline } from '../../../db/deadline.ts';
import type { LogFields } from '../../../lib/core/log.ts';
import { connectRedis, type RedisVariables } from './rate-limits.ts';

/** A command has more time than a request; straight to Redis, its link gives up after a second. */
const deadlineMs = 5000;

const silent = () => undefined;

/**
 * @returns what `ask` does; undefined where no Redis is named
 * @throws what `ask` throws; while Redis is away, an error that names what keeps it so, which the answers don't
 *
 * @example const answer = await askRedis(process.env, (redis) => redis.request({ body: ['PING'] }));
 */
export async function askRedis<Result>(
  variables: RedisVariables,
  ask: (redis: Requester) => Promise<Result>,
): Promise<Result | undefined> {
  let cause: LogFields['cause'];
  const log = {
    debug: silent,
    info: () => (cause = undefined), // it is ready
    warn: silent,
    error: (_: string, fields?: LogFields) => (cause = fields?.['cause']),
  };
  const requester = await connectRedis(variables, log, { deadlineMs });
  if (!requester) return undefined;
  try {
    return await withDeadline(deadlineMs, ask(requester));
  } catch (error) {
    throw cause === undefined ? error : new Error(`Redis is away: ${cause}`, { cause: error });
  } finally {
    requester.close();
  }
}
