/** One connection to Postgres over postgres.js, set up so that it can be ended at once and never comes back by itself. */
import type { Socket } from 'node:net';
import postgres from 'postgres';
import { dial, type DialOptions } from './dial.ts';
import { Outage } from './outage.ts';
import { wireTypes } from './wire-types.ts';

/**
 * One connection to Postgres, opened by its first statement. Once closed it stays closed: postgres.js would connect
 * again behind our back, and the rest of a broken transaction would run, and commit, outside of it. (Its own `begin` is
 * no help: on a connection that broke it writes its ROLLBACK to nowhere, which throws where nobody can catch it.)
 */
export interface Connection {
  readonly sql: postgres.Sql;
  readonly closed: boolean;
  /** Waits for what is under way, then says goodbye to the server. */
  readonly close: () => Promise<void>;
  /** At once: whatever is under way fails, and a server that doesn't answer is not waited for. */
  readonly destroy: () => void;
}

export interface ConnectionOptions {
  /** How long the server works on one statement; without it, as long as the server is set to. */
  readonly statementTimeoutMs?: number;
  /** How long a transaction may stand idle; the same without it. */
  readonly idleInTransactionTimeoutMs?: number;
  readonly onClose?: () => void;
}

export function openConnection(
  url: string,
  { statementTimeoutMs = 0, idleInTransactionTimeoutMs = 0, onClose }: ConnectionOptions = {},
): Connection {
  let socket: Socket | undefined;
  let closed = false;
  const options = {
    max: 1,
    max_lifetime: null,
    // Every call has its own deadline, which covers the connecting too.
    connect_timeout: 0,
    connection: {
      application_name: 'blockbot',
      // postgres.js leaves out what is 0.
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    },
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
    socket: (address: DialOptions) => {
      if (socket || closed) throw new Outage('CONNECTION_CLOSED', 'The connection to Postgres was closed');
      return (socket = dial(address));
    },
  };
  const sql = postgres(url, options);

  return {
    sql,
    get closed() {
      return closed;
    },
    close: () => sql.end(),
    destroy: () => {
      closed = true;
      socket?.destroy();
      void sql.end({ timeout: 0 });
    },
  };
}
