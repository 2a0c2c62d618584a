/**
 * The database over postgres.js: prepared statements, a pool, and a deadline on every call, so that a server which
 * is away, or hangs, costs a caller about a second at most while this process is idle, and a busy one is waited for.
 */
import { type Database, type Sql, type SqlFragment, type SqlValue } from './sql.ts';
import { flatten, type FlatStatement } from './flatten.ts';
import { parseConnectionString } from './connection-string.ts';
import { type Connection, openConnection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import {
  findOutage,
  isHung,
  isStalePlan,
  type Outage,
  throwDoubtful,
  toHung,
  tooManyConnections,
  toOutage,
  wasUndone,
} from './outage.ts';
import { createPool, type PoolStats } from './pool.ts';
import { findFault, type ServerState } from './server-state.ts';
import { runTransaction } from './transaction.ts';

export interface DatabaseClient extends Database {
  /**
   * One round trip, ahead of all who wait for a connection: a pool that is busy is well.
   *
   * @throws {Outage} with the reason, also when the database can be read only, or lacks migrations of this release
   */
  readonly ping: () => Promise<void>;
  readonly pool: () => PoolStats;
  /** Refuses new calls, lets those under way finish, and closes every connection. */
  readonly close: () => Promise<void>;
}

export interface DatabaseClientOptions {
  readonly url: string;
  /** Connections at most. */
  readonly max?: number;
  /** For one statement, and for the connecting before it. */
  readonly deadlineMs?: number;
  /** For a transaction as a whole; each of its statements has the shorter deadline too. */
  readonly transactionDeadlineMs?: number;
  /** How long a call waits for a connection, as long as others get theirs. */
  readonly waitMs?: number;
  /** Is told why calls are refused, or have to wait: each code once a second at most. */
  readonly log?: {
    readonly warn: (message: string, fields: Readonly<Record<string, string>>) => void;
  };
}

interface CallOptions {
  /** Whether it can be tried once more on another connection, when the first turns out to be dead. */
  readonly isRepeatable: () => boolean;
  readonly urgent?: boolean;
  readonly openWithinMs?: number;
}

/** How often what the server undid is tried, and how many deadlines a late answer is waited for. */
const tries = 3;

/** Whether a statement reads only, and so may run twice. */
function isRead({ strings }: FlatStatement): boolean {
  const text = strings.join('');
  return /^\s*(?:select|with)\b/i.test(text) && !/\b(?:insert|update|delete|merge)\b/i.test(text);
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
  waitMs = 10_000,
  log,
}: DatabaseClientOptions): DatabaseClient {
  const address = parseConnectionString(url);
  const transactionDeadlines = { transactionMs: transactionDeadlineMs, statementMs: deadlineMs };
  const toldAt = new Map<string, number>();
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
    { max: Math.min(max, address.maxConnections), waitMs },
  );

  function tell({ code, message }: Outage, what = 'postgres is unavailable'): void {
    const now = performance.now();
    if (now - (toldAt.get(what + code) ?? Number.NEGATIVE_INFINITY) < 1000) return;
    toldAt.set(what + code, now);
    log?.warn(what, { code, cause: message });
  }

  async function withConnection<Result>(
    use: (connection: Connection) => Promise<Result>,
    options: CallOptions,
  ): Promise<Result> {
    for (let nth = 1; ; nth++) {
      try {
        return await attempt(pool.acquire({ urgent: options.urgent ?? false }), use, options);
      } catch (error) {
        const outage = findOutage(error);
        if (!outage) throw error;
        // Nothing was done. On a busy machine, or behind others, the next try is good.
        if (wasUndone(outage) && nth < tries) continue;
        tell(outage);
        throw outage;
      }
    }
  }

  /**
   * A late answer is waited for as long as the server says anything, to this connection or to others: then it is busy, and
   * its own limit ends the statement.
   */
  async function inTime<Result>(
    connection: Connection,
    timeoutMs: number,
    work: Promise<Result>,
  ): Promise<Result> {
    for (let nth = 1; ; nth++) {
      const since = performance.now();
      const { bytesRead } = connection;
      try {
        return await withDeadline(timeoutMs, work, toHung);
      } catch (error) {
        const alive = connection.bytesRead > bytesRead || pool.hasAnswered(since);
        if (!isHung(error) || !alive || nth === tries) throw error;
      }
    }
  }

  async function attempt<Result>(
    acquired: Promise<Connection>,
    use: (connection: Connection) => Promise<Result>,
    options: CallOptions,
  ): Promise<Result> {
    const connection = await acquired;
    const { opened } = connection;
    const startedAt = performance.now();
    let answered = true;
    let again: CallOptions;
    let another: Promise<Connection>;
    try {
      if (!opened) await inTime(connection, options.openWithinMs ?? deadlineMs, connection.open());
      return await use(connection);
    } catch (error) {
      const outage = findOutage(error);
      if (!outage || wasUndone(outage)) throw error;
      answered = false;
      connection.destroy();
      const hung = isHung(outage);
      // Whatever cut this connection off without a word (a firewall, a failover) did so to the others at rest.
      if (hung) pool.dropIdle();
      const full = outage.code === tooManyConnections && !connection.opened;
      if (full && pool.makeDo()) {
        tell(outage, 'postgres takes no more connections');
        again = options;
      } else if (hung && opened && options.isRepeatable()) {
        again = { isRepeatable: () => false, openWithinMs: deadlineMs / 2 };
      } else {
        // The next ones would be kept waiting, to be refused for the same reason.
        if (full || (hung && !opened)) pool.refuseWaiting(outage, startedAt);
        throw error;
      }
      // Before this one is given back, so that those who wait don't come first.
      another = pool.acquire({ urgent: true });
    } finally {
      pool.release(connection, { answered });
    }
    return attempt(another, use, again);
  }

  async function run<Row extends object>(
    statement: FlatStatement,
    { urgent }: { readonly urgent: boolean },
  ): Promise<readonly Row[]> {
    const { strings, values } = statement;
    let sent = false;
    const use = async (connection: Connection): Promise<readonly Row[]> => {
      if ((await connection.open()) === 'direct') {
        sent = true;
        const answered = inTime(connection, deadlineMs, connection.run<Row>(strings, values));
        return isRead(statement) ? answered : answered.catch(throwDoubtful);
      }
      const send = (sql: Sql) => {
        sent = true;
        return sql<Row>(strings, ...values);
      };
      return runTransaction(connection, send, transactionDeadlines);
    };
    return withConnection(use, { isRepeatable: () => !sent || isRead(statement), urgent });
  }

  async function transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    let begun = false;
    const use = (connection: Connection) =>
      runTransaction(
        connection,
        (sql) => {
          begun = true;
          return work(sql);
        },
        transactionDeadlines,
      );
    const options = { isRepeatable: () => !begun };
    try {
      return await withConnection(use, options);
    } catch (error) {
      if (!isStalePlan(error)) throw error;
      // Nothing was done, and every connection that is older than the change holds such statements.
      pool.dropIdle();
      return withConnection(use, options);
    }
  }

  return {
    sql: async <Row extends object>(
      strings: TemplateStringsArray,
      ...values: readonly (SqlValue | SqlFragment)[]
    ) => run<Row>(flatten(strings, values), { urgent: false }),
    transaction,
    ping: async () => {
      const ask = (strings: TemplateStringsArray) =>
        run<ServerState>({ strings, values: [] }, { urgent: true });
      const asked = ask`
        select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only,
          (select count(*)::int from drizzle.__drizzle_migrations) as level`;
      const outage = await asked.then(([row]) => row && findFault(row), toOutage);
      if (!outage) return;
      tell(outage);
      throw outage;
    },
    pool: pool.stats,
    close: pool.close,
  };
}
