/**
 * The database over postgres.js: prepared statements, a pool, and a deadline on every call, so that a server which
 * is away, or hangs, costs a caller less than a second.
 */
import { type Database, type Sql, type SqlFragment, type SqlValue } from './sql.ts';
import { flatten } from './flatten.ts';
import { type Connection, openConnection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { isOutage, toHung, toProblem } from './outage.ts';
import { createPool, type PoolStats } from './pool.ts';
import { runTransaction } from './transaction.ts';

export interface DatabaseClient extends Database {
  /** One round trip. @throws {Problem} `service-unavailable` */
  readonly ping: () => Promise<void>;
  readonly pool: () => PoolStats;
  /** Refuses new calls, lets those under way finish, and closes every connection. */
  readonly close: () => Promise<void>;
}

export interface DatabaseClientOptions {
  readonly url: string;
  /** Connections at most. */
  readonly max?: number;
  /** Milliseconds for one statement, connecting included. */
  readonly deadline?: number;
  /** Milliseconds for a transaction as a whole; each of its statements has the shorter deadline too. */
  readonly transactionDeadline?: number;
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
  deadline = 800,
  transactionDeadline = 2000,
}: DatabaseClientOptions): DatabaseClient {
  const pool = createPool(
    (onClose) => {
      const connection = openConnection(url, {
        // The server gives up first, so that nothing is done for a caller who was told that it wasn't.
        statementTimeout: deadline - 100,
        idleInTransactionTimeout: transactionDeadline,
        onClose: () => onClose(connection),
      });
      return connection;
    },
    { max },
  );

  async function withConnection<Result>(use: (connection: Connection) => Promise<Result>): Promise<Result> {
    try {
      // Half of the deadline is left for the statement: with less, healthy connections would be given up just when
      // there is most to do.
      const connection = await pool.acquire(deadline / 2);
      try {
        return await use(connection);
      } finally {
        pool.release(connection);
      }
    } catch (error) {
      throw toProblem(error);
    }
  }

  const sql: Sql = async <Row extends object>(
    strings: TemplateStringsArray,
    ...values: readonly (SqlValue | SqlFragment)[]
  ) => {
    const flat = flatten(strings, values);
    const end = performance.now() + deadline;
    return withConnection(async (connection) => {
      try {
        return [
          ...(await withDeadline(
            end - performance.now(),
            connection.sql<Row[]>(flat.strings, ...flat.values),
            toHung,
          )),
        ];
      } catch (error) {
        if (isOutage(error)) connection.destroy();
        throw error;
      }
    });
  };

  async function transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const start = performance.now();
    const deadlines = { begin: start + deadline, end: start + transactionDeadline, statement: deadline };
    return withConnection((connection) => runTransaction(connection, work, deadlines));
  }

  return {
    sql,
    transaction,
    async ping() {
      await sql`select 1`;
    },
    pool: pool.figures,
    close: pool.close,
  };
}
