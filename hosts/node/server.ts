/** The HTTP server around the router: time-outs, refusals below HTTP, and a stop that drops nothing. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Problem, problems } from '../../lib/core/problem.ts';
import { refuse } from '../core/refuse.ts';
import type { HostServices } from '../core/services.ts';

/** How long requests that are under way may still take once the server has closed. */
const graceMs = 15_000;

export interface RunningServer {
  readonly address: AddressInfo;
  /**
   * Says no to load balancers at once, goes on serving for `drainDelayMs` so that they notice, then closes and lets
   * what is under way finish.
   */
  readonly drain: (drainDelayMs: number) => Promise<void>;
}

/** @throws when the address is in use or not ours */
export async function listen(
  router: Pick<FunctionApp, 'fetch'>,
  services: HostServices,
  { host, port }: { host: string; port: number },
): Promise<RunningServer> {
  let draining = false;
  const answer = getRequestListener(
    (request, env) => {
      const { incoming } = env as { incoming: IncomingMessage };
      const peerAddress = incoming.socket.remoteAddress ?? '';
      return router.fetch(request, { ...services, peerAddress });
    },
    // A request that can't become a `Request`: a broken Host header, a target that is no address.
    { errorHandler: () => refuse(new Problem('malformed-request'), services.settings.publicUrl) },
  );
  const server = createServer(
    {
      keepAliveTimeout: 65_000,
      headersTimeout: 15_000,
      requestTimeout: 30_000,
      // Without it the adapter refuses, with a problem, where Node would with an empty page.
      requireHostHeader: false,
    },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      if (draining) outgoing.setHeader('Connection', 'close');
      void answer(incoming, outgoing);
    },
  );
  server.on('clientError', refuseBelowHttp);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    address: server.address() as AddressInfo,
    drain: async (drainDelayMs) => {
      draining = true;
      services.health?.setPhase('draining');
      await new Promise((resolve) => setTimeout(resolve, drainDelayMs));
      await close(server);
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection whose request began before the drain was not told to close, and is idle once it has its answer.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const end = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(end);
}

/** What Node's parser refuses never becomes a request: it is answered on the bare socket. */
function refuseBelowHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, title } = problems['malformed-request'];
  const body = JSON.stringify({ type: 'about:blank', title, status });
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\n` +
      `Cache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}
