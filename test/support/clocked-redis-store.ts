/** The real script in a real Redis on a clock that the test moves. */
import type { Redis } from '@upstash/redis';
import { toRedisScript } from '../../lib/rate-limit/redis-script.ts';
import { createRedisStore } from '../../lib/rate-limit/redis-store.ts';
import { slidingWindow } from '../../lib/rate-limit/sliding-window.lua.ts';
import type { SharedStore } from '../../lib/rate-limit/store.ts';

export interface ClockedStore {
  readonly store: SharedStore;
  readonly advance: (milliseconds: number) => void;
  /** Milliseconds since this store was made. */
  readonly now: () => number;
}

// The one line that asks Redis for the time reads a key instead, which answers in the same form.
const movable = toRedisScript(
  slidingWindow.replace("call('TIME')", "call('HMGET', 'clock', 'seconds', 'micros')"),
);

/** Stores that are given one `secret` count the same keys. */
export function createClockedRedisStore(
  redis: Redis,
  { secret = crypto.randomUUID() }: { secret?: string } = {},
): ClockedStore {
  const epochSeconds = 1_700_000_000;
  let time = 0;
  const inner = createRedisStore({ redis, secret, together: false, script: movable });
  return {
    now: () => time,
    advance: (milliseconds) => void (time += milliseconds),
    store: {
      ...inner,
      take: async (checks) => {
        const seconds = epochSeconds + Math.floor(time / 1000);
        await redis.hset('clock', { seconds, micros: Math.round((time % 1000) * 1000) });
        return inner.take(checks);
      },
    },
  };
}
