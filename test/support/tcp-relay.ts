/** A way to a server that can be cut and mended, so that the server seems to go away and come back at one address. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after } from 'node:test';

export interface TcpRelay {
  /** The server's address with the relay's port in its place. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
  /** Whatever comes over the connections that are open is lost from now on, and none of them ends; new ones are well. */
  readonly forget: () => void;
  /** Nothing comes over the connections that are open from now on, an end as little as a byte. */
  readonly freeze: () => void;
}

export async function startTcpRelay(serverUrl: string): Promise<TcpRelay> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  async function mend(): Promise<void> {
    server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  function forget(): void {
    for (const socket of sockets) socket.unpipe().resume();
  }

  function freeze(): void {
    for (const socket of sockets) socket.unpipe().pause();
  }

  async function cut(): Promise<void> {
    if (!server?.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await mend();
  after(cut);
  const url = new URL(serverUrl);
  url.port = String(port);
  return { url: url.href, cut, mend, forget, freeze };
}
