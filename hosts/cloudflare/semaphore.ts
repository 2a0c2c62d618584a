/**
 * A semaphore among the requests of one isolate, where a request can neither use a socket of another nor count on being woken
 * by it: what they share is plain data, and each looks by a timer of its own.
 */
import { Problem, toRetryAfter } from '../../lib/core/problem.ts';

export interface Semaphore {
  /**
   * Waits for one of the permits. Answers how it is released; more than once does no harm.
   *
   * @throws {Problem} `overloaded` after `timeoutMs`
   */
  readonly acquire: () => Promise<() => void>;
}

export interface SemaphoreOptions {
  readonly permits: number;
  /** A caller who hangs up stops waiting at once: this is for those who would wait longer than anybody is served. */
  readonly timeoutMs?: number;
  /** A request that the platform has cut off releases nothing: its permit ends by itself. */
  readonly leaseMs?: number;
}

/** The longest that somebody waits who is the only one. */
const lookEveryMs = 20;

/**
 * @example
 * const semaphore = createSemaphore({ permits: 20 });
 * const release = await semaphore.acquire();
 */
export function createSemaphore({
  permits,
  timeoutMs = 300_000,
  leaseMs = 60_000,
}: SemaphoreOptions): Semaphore {
  /** Permits, with the time at which each ends. */
  const held = new Map<symbol, number>();
  let waiting = 0;

  function hasRoom(): boolean {
    if (held.size < permits) return true;
    for (const [permit, endsAt] of held) if (endsAt <= Date.now()) held.delete(permit);
    return held.size < permits;
  }

  async function wait(): Promise<void> {
    const givesUpAt = Date.now() + timeoutMs;
    while (!hasRoom()) {
      if (Date.now() > givesUpAt) {
        throw new Problem('overloaded', {}, { headers: { 'Retry-After': toRetryAfter(5000) } });
      }
      await look(waiting);
    }
  }

  return {
    acquire: async () => {
      waiting++;
      await wait().finally(() => waiting--);
      const permit = Symbol();
      held.set(permit, Date.now() + leaseMs);
      return () => void held.delete(permit);
    },
  };
}

/** Until the next look. The more there are, the rarer each looks, so that together they look as often. */
function look(waiting: number): Promise<void> {
  const milliseconds = Math.min(200, lookEveryMs + waiting) * Math.random();
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
