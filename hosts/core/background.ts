/** Work that goes on after the answer. */
import type { Log } from '../../lib/core/log.ts';

/** Keeps the platform from freezing or ending us before this work is done: `waitUntil`, where it has that. */
export type Background = (work: Promise<unknown>) => void;

/** The same, with failures in the log: nobody waits for such work, and platforms swallow what becomes of it. */
export function logFailures(background: Background, log: Pick<Log, 'error'>): Background {
  return (work) => {
    background(
      work.catch((cause: unknown) => {
        log.error('background work failed', {}, cause);
      }),
    );
  };
}
