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
  /** @throws {Outage} when none is free within `timeoutMs`. */
  readonly acquire: (timeoutMs: number) => Promise<Connection>;
  /** Gives it back; one that was closed or destroyed meanwhile is let go. */
  readonly release: (connection: Connection) => void;
  /** Lets go of all connections that nobody uses, so that the next calls open new ones. */
  readonly dropIdle: () => void;
  readonly stats: () => PoolStats;
  /** Refuses new calls, waits for those under way and closes every connection. */
  readonly close: () => Promise<void>;
}

interface Waiter {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: Outage) => void;
}

export function createPool(
  open: (onClose: (connection: Connection) => void) => Connection,
  { max }: { max: number },
): Pool {
  const busy = new Set<Connection>();
  // The last one used is the next one lent: its plans and the server's caches are warm.
  const idle: Connection[] = [];
  const waiters = new Set<Waiter>();
  let drained: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  function markBusy(connection: Connection): Connection {
    busy.add(connection);
    return connection;
  }

  function take(): Connection | undefined {
    const connection = idle.pop();
    if (connection) return markBusy(connection);
    return busy.size < max ? markBusy(open(forget)) : undefined;
  }

  function forget(connection: Connection): void {
    const index = idle.indexOf(connection);
    if (index >= 0) idle.splice(index, 1);
  }

  function serveNext(): void {
    const [waiter] = waiters;
    const connection = waiter && take();
    if (connection) waiter.resolve(connection);
    else if (busy.size === 0) drained?.();
  }

  function wait(timeoutMs: number): Promise<Connection> {
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
      const timer = setTimeout(() => {
        waiter.reject(
          new Outage('CONNECTION_BUSY', `No database connection came free within ${timeoutMs} ms`),
        );
      }, timeoutMs);
      const leave = () => {
        clearTimeout(timer);
        waiters.delete(waiter);
      };
      waiters.add(waiter);
    });
  }

  async function shutDown(): Promise<void> {
    for (const waiter of waiters)
      waiter.reject(new Outage('CONNECTION_CLOSED', 'The database client is closed'));
    if (busy.size > 0) await new Promise<void>((resolve) => (drained = resolve));
    await Promise.all(idle.splice(0).map((connection) => connection.close()));
  }

  return {
    acquire: async (timeoutMs) => {
      if (closing) throw new Outage('CONNECTION_CLOSED', 'The database client is closed');
      return take() ?? (await wait(timeoutMs));
    },
    release: (connection) => {
      busy.delete(connection);
      if (!connection.closed) idle.push(connection);
      serveNext();
    },
    dropIdle: () => {
      for (const connection of idle.splice(0)) connection.destroy();
    },
    stats: () => ({ max, busy: busy.size, idle: idle.length, waiting: waiters.size }),
    close: () => (closing ??= shutDown()),
  };
}
