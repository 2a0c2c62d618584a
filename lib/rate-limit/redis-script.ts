/** A script that Redis runs by its hash (`EVALSHA`), and whose text it is sent where it does not know that. */
import { createHash } from 'node:crypto';

export interface RedisScript {
  /** Of the text: SHA-1, in hexadecimal digits. */
  readonly sha: string;
  readonly load: () => Promise<string>;
}

/**
 * What decides. A bundle loads it only where it is wanted, which is once after each start of Redis: 5 kB that no other start reads.
 * The container loads it when it starts.
 */
export const slidingWindow: RedisScript = {
  sha: '344d55df9022542a126aa0f90e5c615b666308c3',
  load: async () => (await import('./sliding-window.lua.ts')).slidingWindow,
};

export function toRedisScript(text: string): RedisScript {
  return { sha: createHash('sha1').update(text).digest('hex'), load: () => Promise.resolve(text) };
}
