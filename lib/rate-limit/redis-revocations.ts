/**
 * What was revoked, in the Redis that all processes share. It stands there under ids of ours, which say nothing to whoever reads
 * them, and without a secret: a rotation brings back no credential, and who may write to Redis needs nothing else.
 */
import { ask, type RedisPipelines, toResult } from './redis-pipelines.ts';
import { revoke } from './revoke.lua.ts';
import type { Revocation } from './store.ts';

/**
 * @throws {Error} when Redis can't be asked, or has refused one
 *
 * @example
 * await writeRevocations(redis, [{ subject: `user:${userId}`, parts: ['all'], at, lastsMs }]);
 */
export async function writeRevocations(
  redis: RedisPipelines,
  revocations: readonly Revocation[],
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const revocation of revocations) {
    const { parts, at, lastsMs } = revocation;
    pipeline.eval(revoke, [toRevocationKey(revocation)], [String(at), String(lastsMs), ...parts]);
  }
  (await ask(pipeline)).forEach(toResult);
}

export const toRevocationKey = ({ subject }: Pick<Revocation, 'subject'>) => `revoked:${subject}`;
