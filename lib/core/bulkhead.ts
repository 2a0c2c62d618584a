/** A bounded queue: a few run at once and a few more wait; whoever comes after is told to come back. */
import { Problem, toRetryAfter } from './problem.ts';

export interface BulkheadStats {
  readonly running: number;
  readonly waiting: number;
}

/**
 * @param options.concurrency how many run at once
 * @param options.queue how many may wait
 * @returns a function that runs `work` as soon as there is room; its `stats` tell how full it is
 * @throws {Problem} `overloaded` with `Retry-After` when the queue is full
 */
export function createBulkhead({ concurrency, queue }: { concurrency: number; queue: number }) {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running < concurrency) running++;
    else {
      if (waiting.length >= queue) {
        throw new Problem('overloaded', {}, { headers: { 'Retry-After': toRetryAfter(1000) } });
      }
      // Whoever is done hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return Object.assign(run, { stats: (): BulkheadStats => ({ running, waiting: waiting.length }) });
}
