/** A pool of database connections, each lent to one call at a time, with a bound on the wait for one. */
import { Outage } from './outage.ts';
import type { Connection } from './connection.ts';

export interface PoolStats {
  readonly max: number;
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
}

/**
 * Lends connections, one call at a time each. postgres.js has a pool of its own, and it is not used: it sends
 * statements down busy connections, where one can neither be withdrawn nor given up without its neighbours.
 */
export interface Pool {
  /**
   * Who waits is served in turn, the urgent first.
   *
   * @throws {Outage} when none comes free within the pool's waiting time, or `refuseWaiting` says that none will.
   */
  readonly acquire: (options: { readonly urgent: boolean }) => Promise<Connection>;
  /** Gives it back; one that was closed or destroyed meanwhile is let go. */
  readonly release: (connection: Connection, outcome: { readonly answered: boolean }) => void;
  /** Lets go of all connections that nobody uses, so that the next calls open new ones. */
  readonly dropIdle: () => void;
  /** Whether a connection has answered since then (on the clock of `performance.now()`). */
  readonly hasAnswered: (since: number) => boolean;
  /**
   * The server has refused one more: for a second the others are all there are. Says whether there are any; by those, open or
   * on their way to it, who waits is served.
   */
  readonly makeDo: () => boolean;
  /** Refuses all who wait, unless a connection has answered since then. */
  readonly refuseWaiting: (outage: Outage, since: number) => void;
  readonly stats: () => PoolStats;
  /** Refuses new calls, waits for those under way and closes every connection. */
  readonly close: () => Promise<void>;
}

interface Waiter {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: Outage) => void;
}

/** How long the server is not asked for more connections after it has refused one. */
const makeDoMs = 1000;

export function createPool(
  open: (onClose: (connection: Connection) => void) => Connection,
  { max, waitMs }: { readonly max: number; readonly waitMs: number },
): Pool {
  const busy = new Set<Connection>();
  // The last one used is the next one lent: its plans and the server's caches are warm.
  const idle: Connection[] = [];
  const waiting: Waiter[] = [];
  let answeredAt = Number.NEGATIVE_INFINITY;
  let limit = max;
  let limitedUntil = 0;
  let drained: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  function markBusy(connection: Connection): Connection {
    busy.add(connection);
    return connection;
  }

  function take(): Connection | undefined {
    const connection = idle.pop();
    if (connection) return markBusy(connection);
    if (performance.now() >= limitedUntil) limit = max;
    return busy.size < limit ? markBusy(open(forget)) : undefined;
  }

  function forget(connection: Connection): void {
    const index = idle.indexOf(connection);
    if (index >= 0) idle.splice(index, 1);
  }

  function serveWaiting(): void {
    for (let [waiter] = waiting; waiter; [waiter] = waiting) {
      const connection = take();
      if (!connection) break;
      waiter.resolve(connection);
    }
    if (busy.size === 0) drained?.();
  }

  function wait(urgent: boolean): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (connection) => {
          leave();
          resolve(connection);
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      const giveUp = () => {
        waiter.reject(new Outage('CONNECTION_BUSY', `No database connection came free within ${waitMs} ms`));
      };
      // After a blocked event loop, timers come before the sockets: what has arrived may free a connection.
      const timer = setTimeout(() => setImmediate(giveUp), waitMs);
      const leave = () => {
        clearTimeout(timer);
        const index = waiting.indexOf(waiter);
        if (index >= 0) waiting.splice(index, 1);
      };
      if (urgent) waiting.unshift(waiter);
      else waiting.push(waiter);
    });
  }

  function refuseAll(outage: Outage): void {
    for (const waiter of [...waiting]) waiter.reject(outage);
  }

  async function shutDown(): Promise<void> {
    refuseAll(new Outage('CONNECTION_CLOSED', 'The database client is closed'));
    if (busy.size > 0) await new Promise<void>((resolve) => (drained = resolve));
    await Promise.all(idle.splice(0).map((connection) => connection.close()));
  }

  return {
    acquire: async ({ urgent }) => {
      if (closing) throw new Outage('CONNECTION_CLOSED', 'The database client is closed');
      return take() ?? (await wait(urgent));
    },
    release: (connection, { answered }) => {
      if (answered) answeredAt = performance.now();
      busy.delete(connection);
      if (!connection.closed) idle.push(connection);
      serveWaiting();
    },
    dropIdle: () => {
      for (const connection of idle.splice(0)) connection.destroy();
    },
    hasAnswered: (since) => answeredAt >= since,
    makeDo: () => {
      const others = busy.size + idle.length - 1;
      if (others > 0) {
        limit = others;
        limitedUntil = performance.now() + makeDoMs;
      }
      return others > 0;
    },
    refuseWaiting: (outage, since) => {
      if (answeredAt < since) refuseAll(outage);
    },
    stats: () => ({ max, busy: busy.size, idle: idle.length, waiting: waiting.length }),
    close: () => (closing ??= shutDown()),
  };
}
