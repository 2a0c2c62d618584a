/**
 * Connections for callers who may only read. Each serves one request at a time and has a budget for what Redis replies,
 * so that a large reply costs its own caller, and neither the connection that all others share nor another reader's.
 */
import { notSent, type Redis } from './redis.ts';

export type Readers = Pick<Redis, 'run' | 'transact' | 'destroy'>;

/**
 * @param options.open makes one of them, and says when it has (again) become ready
 * @param options.deadlineMs how long a request may wait for one that is free
 */
export function createReaders({
  size,
  deadlineMs,
  open,
}: {
  readonly size: number;
  readonly deadlineMs: number;
  readonly open: (onReady: () => void) => Redis;
}): Readers {
  const free = new Set<Redis>();
  const taken = new Set<Redis>();
  const waiting = new Set<(reader: Redis) => void>();
  const all = Array.from({ length: size }, () => {
    const reader = open(() => offer(reader));
    return reader;
  });

  /** One that is away comes back by itself, and is offered then. */
  function offer(reader: Redis): void {
    if (taken.has(reader) || reader.table() === undefined) return;
    const [next] = waiting;
    if (next === undefined) {
      free.add(reader);
      return;
    }
    waiting.delete(next);
    taken.add(reader);
    next(reader);
  }

  function take(): Promise<Redis | undefined> {
    for (const reader of free) {
      free.delete(reader);
      if (reader.table() === undefined) continue;
      taken.add(reader);
      return Promise.resolve(reader);
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(start);
        resolve(undefined);
      }, deadlineMs);
      const start = (reader: Redis) => {
        clearTimeout(timer);
        resolve(reader);
      };
      waiting.add(start);
    });
  }

  async function lend<Result>(work: (reader: Redis) => Promise<Result>): Promise<Result | undefined> {
    const reader = await take();
    if (reader === undefined) return undefined;
    try {
      return await work(reader);
    } finally {
      taken.delete(reader);
      offer(reader);
    }
  }

  return {
    run: async (commands, format) =>
      (await lend((reader) => reader.run(commands, format))) ?? commands.map(() => notSent),
    transact: async (commands) => (await lend((reader) => reader.transact(commands))) ?? notSent,
    destroy: () => {
      for (const reader of all) reader.destroy();
    },
  };
}
