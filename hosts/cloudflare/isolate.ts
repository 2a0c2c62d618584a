/**
 * What the requests of one isolate have to leave each other: connections of Postgres, which each opens for itself, and the
 * one thread, which the hash of a password blocks for 100 ms and more.
 */
import type { DatabaseClient } from '../../db/client.ts';
import type { PasswordHasher } from '../../lib/password.ts';
import type { Background } from '../host.ts';
import { createTurns } from './turns.ts';

export interface Isolate {
  /** A client that waits for its turn at its first call, and gives it back when it is closed. */
  readonly database: (client: DatabaseClient, background: Background) => DatabaseClient;
  readonly passwords: (hasher: PasswordHasher) => PasswordHasher;
}

/**
 * Milliseconds that a hash waits for statements of other requests at most: without it the hashes of many, one after the
 * other, leave them no moment to be answered within their deadline.
 */
const courtesyMs = 150;

export function createIsolate({ clientsAtOnce }: { clientsAtOnce: number }): Isolate {
  const clients = createTurns({ atOnce: clientsAtOnce });
  const hashes = createTurns({ atOnce: 1 });
  // May count a request too many that was cut off, which then costs a hash the courtesy, and no more.
  let underWay = 0;

  async function untilQuiet(): Promise<void> {
    const endsAt = Date.now() + courtesyMs;
    while (underWay > 0 && Date.now() < endsAt) await new Promise((resolve) => setTimeout(resolve, 1));
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

      async function call<Result>(work: () => Promise<Result>): Promise<Result> {
        await (turn ??= takeTurn());
        underWay++;
        return work().finally(() => underWay--);
      }

      return {
        sql: (strings, ...values) => call(() => client.sql(strings, ...values)),
        transaction: (work) => call(() => client.transaction(work)),
        ping: () => call(client.ping),
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
          await untilQuiet();
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
