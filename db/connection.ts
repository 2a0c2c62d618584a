/** One connection to Postgres over postgres.js, set up so that it can be ended at once and never comes back by itself. */
import postgres from 'postgres';
import { type DatabaseAddress, parseConnectionString } from './connection-string.ts';
import { dial, type DialledSocket } from './dial.ts';
import { Outage, toOutage } from './outage.ts';
import type { SqlValue } from './sql.ts';
import { wireTypes } from './wire-types.ts';

/**
 * One connection to Postgres, opened by `open`, `begin` or the first `run`. Once closed it stays closed: postgres.js would connect
 * again behind our back, and the rest of a broken transaction would run, and commit, outside of it. (Its own `begin` is
 * no help: on a connection that broke it writes its ROLLBACK to nowhere, which throws where nobody can catch it.)
 */
export interface Connection {
  /** Statements as they are, on a connection that is open; a pooler may give each another session. */
  readonly sql: postgres.Sql;
  readonly closed: boolean;
  /** Whether it has been open before, and may have died without a word since. */
  readonly opened: boolean;
  /** What the server has said so far, in bytes. */
  readonly bytesRead: number;
  /**
   * Opens it and sets it up; answers at once the second time.
   *
   * @throws {Outage} whatever the reason is that there is no connection
   */
  readonly open: () => Promise<SessionKind>;
  /** Begins a transaction with the settings and limits of this connection. */
  readonly begin: () => Promise<void>;
  /** One statement; behind a pooler, in a transaction only. */
  readonly run: <Row extends object>(
    strings: TemplateStringsArray,
    values: readonly SqlValue[],
  ) => Promise<readonly Row[]>;
  /** Waits a second at most for what is under way, and for a server that has gone without a word; then the socket ends. */
  readonly close: () => Promise<void>;
  /** At once: whatever is under way fails, and a server that doesn't answer is not waited for. */
  readonly destroy: () => void;
}

/**
 * `pooled`: somebody in between may give each transaction another session, which keeps neither what was set before it
 * nor what was prepared.
 */
export type SessionKind = 'direct' | 'pooled';

export interface ConnectionOptions {
  /** How long the server works on one statement; without it, as long as the server is set to. */
  readonly statementTimeoutMs?: number;
  /** How long a transaction may stand idle; the same without it. */
  readonly idleInTransactionTimeoutMs?: number;
  readonly onClose?: () => void;
}

/** What a role or a database may have set otherwise, and what we read depends on; poolers keep these for each client. */
const startupParameters = {
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
};

/** The same; a pooler refuses these when a client connects. */
const settings = ['search_path to public', 'bytea_output to hex'];

export function openConnection(
  target: string | DatabaseAddress,
  { statementTimeoutMs, idleInTransactionTimeoutMs, onClose }: ConnectionOptions = {},
): Connection {
  const address = typeof target === 'string' ? parseConnectionString(target) : target;
  const { ssl, pooled, applicationName } = address;
  const limits = [
    ...settings,
    ...(statementTimeoutMs === undefined ? [] : [`statement_timeout to ${statementTimeoutMs}`]),
    ...(idleInTransactionTimeoutMs === undefined
      ? []
      : [`idle_in_transaction_session_timeout to ${idleInTransactionTimeoutMs}`]),
  ];
  let socket: DialledSocket | undefined;
  let closed = false;
  let encryptionRefused = false;
  let opened = false;
  let opening: Promise<SessionKind> | undefined;
  const options = {
    host: address.host,
    port: address.port,
    ...(address.user !== undefined && { username: address.user }),
    password: address.password,
    ...(address.database !== undefined && { database: address.database }),
    ssl,
    max: 1,
    max_lifetime: null,
    // Every call has its own deadline, which covers the connecting too.
    connect_timeout: 0,
    connection: { application_name: applicationName, ...startupParameters },
    transform: { column: { from: postgres.toCamel } },
    // Asking the server for its array types costs every connection a round trip, and what is read before the answer is in
    // place stays text: the types that a SqlValue can be are named there.
    fetch_types: false,
    types: wireTypes,
    onnotice: () => undefined,
    onclose: () => {
      closed = true;
      // Statements that were queued behind the broken one fail now.
      void sql.end({ timeout: 0 });
      onClose?.();
    },
    socket: () => {
      if (socket || closed) throw new Outage('CONNECTION_CLOSED', 'The connection to Postgres was closed');
      socket = dial({ host: [address.host], port: [address.port] });
      // The library goes on with TLS all the same, and then says no more than that the connection was reset.
      socket.once('data', ([answer]) => (encryptionRefused = answer === refusal));
      return socket;
    },
  };
  const sql = postgres(options);

  async function setUp(): Promise<SessionKind> {
    try {
      const greeting = await sql.unsafe<{ pid: number }[]>('select pg_backend_pid() as pid');
      // A pooler tells a process of its own invention, and gives none away for longer than a transaction.
      if (pooled || greeting.state.pid !== greeting[0]?.pid) return 'pooled';
      await sql.unsafe(limits.map((limit) => `set ${limit}`).join(';'));
      return 'direct';
    } catch (error) {
      if (!encryptionRefused || !ssl || ssl === 'prefer') throw toOutage(error);
      throw new Outage('TLS_REFUSED', 'The server speaks no TLS, which the connection string asks for');
    }
  }

  const open = () =>
    (opening ??= setUp().then((kind) => {
      opened = true;
      return kind;
    }));

  return {
    sql,
    get closed() {
      return closed;
    },
    get bytesRead() {
      return socket?.bytesRead ?? 0;
    },
    get opened() {
      return opened;
    },
    open,
    begin: async () => {
      const kind = await open();
      const own = kind === 'pooled' ? limits.map((limit) => `;set local ${limit}`) : [];
      await sql.unsafe(`begin${own.join('')}`);
    },
    run: async <Row extends object>(strings: TemplateStringsArray, values: readonly SqlValue[]) => {
      if ((await open()) === 'direct') return [...(await sql<Row[]>(strings, ...values))];
      const text = strings.reduce((before, part, nth) => `${before}$${nth}${part}`);
      return [...(await sql.unsafe<Row[]>(text, [...values], { prepare: false }))];
    },
    close: () => sql.end({ timeout: 1 }).finally(() => socket?.destroy()),
    destroy: () => {
      closed = true;
      socket?.destroy();
      void sql.end({ timeout: 0 });
    },
  };
}

/** "N": the server's answer to the request for TLS (PostgreSQL manual, 55.2.10). */
const refusal = 0x4e;
