/**
 * What rations among the requests of one isolate what they share: connections of Postgres, which each opens for itself, and
 * the one thread, which the hash of a password blocks for 100 ms and more.
 */
import type { DatabaseClient } from '../../db/client.ts';
import type { Permits } from '../core/permits.ts';
import { createSemaphore } from './semaphore.ts';

/** As long as a transaction has (`db/client.ts`): what is under way for longer was cut off, or held up like everybody. */
const maxYieldMs = 2000;

/** Health is asked often: one answer of Postgres is enough for all who ask within a second, as on other hosts. */
const pingKeptMs = 1000;

export function createPermits({ clientsAtOnce }: { clientsAtOnce: number }): Permits {
  const clients = createSemaphore({ permits: clientsAtOnce });
  const hashes = createSemaphore({ permits: 1 });
  const pings = createSemaphore({ permits: 1, leaseMs: 1000 });
  const underWay = new Set<symbol>();
  let lastPingAt = Number.NEGATIVE_INFINITY;

  /** A hash waits for the statements of others that it finds under way, so that none is held up by more than one. */
  async function waitForStatements(): Promise<void> {
    const endsAt = Date.now() + maxYieldMs;
    const found = [...underWay];
    while (found.some((each) => underWay.has(each)) && Date.now() < endsAt) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    for (const each of found) underWay.delete(each);
  }

  /** Beside the permits of the others: that they are all held is no sign of bad health. */
  async function ping(client: DatabaseClient): Promise<void> {
    const release = await pings.acquire();
    try {
      if (Date.now() - lastPingAt < pingKeptMs) return;
      await client.ping();
      lastPingAt = Date.now();
    } finally {
      release();
    }
  }

  return {
    database: (client, background) => {
      let permit: Promise<() => void> | undefined;

      async function acquirePermit(): Promise<() => void> {
        const release = await clients.acquire();
        let settle: () => void = () => undefined;
        // A caller who hangs up would otherwise end this request with its permit still held.
        background(new Promise<void>((resolve) => (settle = resolve)));
        return () => {
          release();
          settle();
        };
      }

      async function withPermit<Result>(work: () => Promise<Result>): Promise<Result> {
        await (permit ??= acquirePermit());
        const call = Symbol();
        underWay.add(call);
        return work().finally(() => underWay.delete(call));
      }

      return {
        sql: (strings, ...values) => withPermit(() => client.sql(strings, ...values)),
        transaction: (work) => withPermit(() => client.transaction(work)),
        ping: () => ping(client),
        pool: client.pool,
        close: async () => {
          await client.close();
          const release = await permit?.catch(() => undefined);
          release?.();
        },
      };
    },
    passwords: (hasher) => {
      async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
        const release = await hashes.acquire();
        try {
          await waitForStatements();
          return await work();
        } finally {
          release();
        }
      }
      return {
        ...hasher,
        hash: (password) => alone(() => hasher.hash(password)),
        verify: (password, phc) => alone(() => hasher.verify(password, phc)),
      };
    },
  };
}
