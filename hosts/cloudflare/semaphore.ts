/**
 * Semaphore among the requests of one isolate, where a request can neither use a socket of another nor count on being woken
 * by it: what they share is plain data, and each looks by a timer of its own.
 */
import { Problem, toRetryAfter } from '../../lib/core/problem.ts';

export interface Semaphore {
  /**
   * Waits until fewer than `atOnce` have a turn. Answers how it is given back; more than once does no harm.
   *
   * @throws {Problem} `overloaded` after `timeoutMs`
   */
  readonly take: () => Promise<() => void>;
}

export interface SemaphoreOptions {
  readonly atOnce: number;
  /** A caller who hangs up leaves the line at once: this is for those who would wait longer than anybody is served. */
  readonly timeoutMs?: number;
  /** A request that the platform has cut off gives nothing back: its turn ends by itself. */
  readonly leaseMs?: number;
}

/** The longest that somebody waits who is the only one. */
const lookEveryMs = 20;

/**
 * @example
 * const turns = createSemaphore({ atOnce: 20 });
 * const giveBack = await turns.take();
 */
export function createSemaphore({
  atOnce,
  timeoutMs = 300_000,
  leaseMs = 60_000,
}: SemaphoreOptions): Semaphore {
  const endings = new Map<symbol, number>();
  let waiting = 0;

  function hasRoom(): boolean {
    if (endings.size < atOnce) return true;
    for (const [turn, endsAt] of endings) if (endsAt <= Date.now()) endings.delete(turn);
    return endings.size < atOnce;
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
    take: async () => {
      waiting++;
      await wait().finally(() => waiting--);
      const turn = Symbol();
      endings.set(turn, Date.now() + leaseMs);
      return () => void endings.delete(turn);
    },
  };
}

/** Until the next look. The more there are, the rarer each looks, so that together they look as often. */
function look(waiting: number): Promise<void> {
  const milliseconds = Math.min(200, lookEveryMs + waiting) * Math.random();
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
