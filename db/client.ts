/**
 * The database over postgres.js: prepared statements, a pool, and a deadline on every call, so that a server which
 * is away, or hangs, costs a caller less than a second.
 */
import { type Database, type Sql, type SqlFragment, type SqlValue } from './sql.ts';
import { flatten } from './flatten.ts';
import { parseConnectionString } from './connection-string.ts';
import { type Connection, openConnection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { isOutage, isStalePlan, toHung, wrapOutage } from './outage.ts';
import { createPool, type PoolStats } from './pool.ts';
import { runTransaction } from './transaction.ts';

export interface DatabaseClient extends Database {
  /** One round trip. @throws {Outage} */
  readonly ping: () => Promise<void>;
  readonly pool: () => PoolStats;
  /** Refuses new calls, lets those under way finish, and closes every connection. */
  readonly close: () => Promise<void>;
}

export interface DatabaseClientOptions {
  readonly url: string;
  /** Connections at most. */
  readonly max?: number;
  /** For one statement, connecting included. */
  readonly deadlineMs?: number;
  /** For a transaction as a whole; each of its statements has the shorter deadline too. */
  readonly transactionDeadlineMs?: number;
}

/**
 * `sql` passes statement errors (a broken constraint, say) through untouched.
 *
 * @example
 * const database = createDatabaseClient({ url });
 * const [user] = await database.sql<{ id: string }>`select id from users where email = ${email}`;
 */
export function createDatabaseClient({
  url,
  max = 10,
  deadlineMs = 800,
  transactionDeadlineMs = 2000,
}: DatabaseClientOptions): DatabaseClient {
  const address = parseConnectionString(url);
  const pool = createPool(
    (onClose) => {
      const connection = openConnection(address, {
        // The server gives up first, so that nothing is done for a caller who was told that it wasn't.
        statementTimeoutMs: deadlineMs - 100,
        idleInTransactionTimeoutMs: transactionDeadlineMs,
        onClose: () => onClose(connection),
      });
      return connection;
    },
    { max: Math.min(max, address.maxConnections) },
  );

  async function withConnection<Result>(use: (connection: Connection) => Promise<Result>): Promise<Result> {
    try {
      // Half of the deadline is left for the statement: with less, healthy connections would be given up just when
      // there is most to do.
      const connection = await pool.acquire(deadlineMs / 2);
      try {
        return await use(connection);
      } finally {
        pool.release(connection);
      }
    } catch (error) {
      throw wrapOutage(error);
    }
  }

  const sql: Sql = async <Row extends object>(
    strings: TemplateStringsArray,
    ...values: readonly (SqlValue | SqlFragment)[]
  ) => {
    const flat = flatten(strings, values);
    const endAt = performance.now() + deadlineMs;
    return withConnection(async (connection) => {
      try {
        if ((await withDeadline(endAt - performance.now(), connection.open(), toHung)) === 'pooled') {
          const deadlines = { beginAt: endAt, endAt, statementMs: deadlineMs };
          return await runTransaction(
            connection,
            (inside) => inside<Row>(flat.strings, ...flat.values),
            deadlines,
          );
        }
        return await withDeadline(
          endAt - performance.now(),
          connection.run<Row>(flat.strings, flat.values),
          toHung,
        );
      } catch (error) {
        if (isOutage(error)) connection.destroy();
        throw error;
      }
    });
  };

  async function transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const deadlines = {
      beginAt: startedAt + deadlineMs,
      endAt: startedAt + transactionDeadlineMs,
      statementMs: deadlineMs,
    };
    const attempt = () => withConnection((connection) => runTransaction(connection, work, deadlines));
    try {
      return await attempt();
    } catch (error) {
      if (!isStalePlan(error)) throw error;
      // Nothing was done, and every connection that is older than the change holds such statements.
      pool.dropIdle();
      return attempt();
    }
  }

  return {
    sql,
    transaction,
    ping: async () => {
      await sql`select 1`;
    },
    pool: pool.stats,
    close: pool.close,
  };
}
