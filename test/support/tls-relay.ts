/** A way to a Postgres by TLS and by nothing else, as managed ones are reached: it decrypts, and hands the rest on. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after } from 'node:test';
import { TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';

export interface TlsRelay {
  /** The server's address with the relay's in its place, as `localhost`, and without a word about TLS. */
  readonly url: string;
  /** How many sessions were encrypted. */
  readonly encrypted: () => number;
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest */
const request = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

export async function startTlsRelay(serverUrl: string, { key, cert }: Certificate): Promise<TlsRelay> {
  const target = new URL(serverUrl);
  const open = new Set<Socket>();
  let encrypted = 0;

  function relay(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  }

  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.once('data', (first: Buffer) => {
      if (!first.equals(request)) return socket.destroy();
      socket.write('S');
      const near = new TLSSocket(socket, { isServer: true, key, cert });
      near.once('secure', () => encrypted++);
      relay(near, connect(Number(target.port), target.hostname));
      return undefined;
    });
  });
  server.listen(0);
  await once(server, 'listening');
  after(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const url = new URL(serverUrl);
  url.host = `localhost:${(server.address() as AddressInfo).port}`;
  return { url: url.href, encrypted: () => encrypted };
}
