/**
 * What the requests of one isolate have to leave each other: connections of Postgres, which each opens for itself, and the
 * one thread, which the hash of a password blocks for 100 ms and more.
 */
import type { DatabaseClient } from '../../db/client.ts';
import type { PasswordHasher } from '../../lib/security/password.ts';
import type { Background } from '../core/background.ts';
import { createSemaphore } from './semaphore.ts';

export interface Isolate {
  /** A client that waits for its turn at its first call, and gives it back when it is closed. */
  readonly database: (client: DatabaseClient, background: Background) => DatabaseClient;
  readonly passwords: (hasher: PasswordHasher) => PasswordHasher;
}

/** The longest that a transaction may take (`db/client.ts`): whatever is under way for longer was cut off. */
const maxYieldMs = 2000;

/** Health is asked often: one answer of Postgres is enough for all who ask within a second, as on other hosts. */
const pingKeptMs = 1000;

export function createIsolate({ clientsAtOnce }: { clientsAtOnce: number }): Isolate {
  const clients = createSemaphore({ atOnce: clientsAtOnce });
  const hashes = createSemaphore({ atOnce: 1 });
  const pings = createSemaphore({ atOnce: 1, leaseMs: 1000 });
  const underWay = new Set<symbol>();
  let pongAt = Number.NEGATIVE_INFINITY;

  /** Statements of others that a hash finds are let through first, so that none is held up by more than one. */
  async function letThrough(): Promise<void> {
    const endsAt = Date.now() + maxYieldMs;
    const found = [...underWay];
    while (found.some((each) => underWay.has(each)) && Date.now() < endsAt) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    for (const each of found) underWay.delete(each);
  }

  /** Not in the line of the others, which is no sign of bad health. */
  async function ping(client: DatabaseClient): Promise<void> {
    const giveBack = await pings.take();
    try {
      if (Date.now() - pongAt < pingKeptMs) return;
      await client.ping();
      pongAt = Date.now();
    } finally {
      giveBack();
    }
  }

  return {
    database: (client, background) => {
      let turn: Promise<() => void> | undefined;

      async function takeTurn(): Promise<() => void> {
        const giveBack = await clients.take();
        let tell: () => void = () => undefined;
        // A caller who hangs up would otherwise end this request with its turn still taken.
        background(new Promise<void>((resolve) => (tell = resolve)));
        return () => {
          giveBack();
          tell();
        };
      }

      async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
        await (turn ??= takeTurn());
        const call = Symbol();
        underWay.add(call);
        return work().finally(() => underWay.delete(call));
      }

      return {
        sql: (strings, ...values) => inTurn(() => client.sql(strings, ...values)),
        transaction: (work) => inTurn(() => client.transaction(work)),
        ping: () => ping(client),
        pool: client.pool,
        close: async () => {
          await client.close();
          const giveBack = await turn?.catch(() => undefined);
          giveBack?.();
        },
      };
    },
    passwords: (hasher) => {
      async function pass<Result>(work: () => Promise<Result>): Promise<Result> {
        const giveBack = await hashes.take();
        try {
          await letThrough();
          return await work();
        } finally {
          giveBack();
        }
      }
      return {
        ...hasher,
        hash: (password) => pass(() => hasher.hash(password)),
        verify: (password, phc) => pass(() => hasher.verify(password, phc)),
      };
    },
  };
}
