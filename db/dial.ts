/** A socket to Postgres that its opener keeps hold of. */
import { connect, type Socket } from 'node:net';

/** What postgres.js tells its (untyped) `socket` option: the address, already parsed. */
export interface DialOptions {
  readonly host: readonly string[];
  readonly port: readonly number[];
}

/** What a connection asks of it, whatever else it is. */
export interface DialledSocket {
  readonly bytesRead: number;
  readonly once: (event: 'data', listener: (bytes: Buffer) => void) => unknown;
  readonly destroy: () => unknown;
}

/**
 * A socket for postgres.js. The library keeps those that it makes to itself and can only close them politely, which
 * a hung server never answers; one of ours can be destroyed, or unref'ed.
 */
export function dial({ host: [host = 'localhost'], port: [port = 5432] }: DialOptions): Socket {
  // The library takes the server name for TLS from here.
  return Object.assign(connect({ host, port, noDelay: true }), { host });
}
