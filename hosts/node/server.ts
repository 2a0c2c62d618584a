/** The HTTP server around the router: time-outs, refusals below HTTP, and a stop that drops nothing. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Problem, type ProblemSlug, problems, toProblemDocument } from '../../lib/core/problem.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { refuse } from '../core/refuse.ts';
import type { HostServices } from '../core/services.ts';
import { NodeResponse } from './node-response.ts';

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
  // All that a request adds: a copy with other values costs 25 ns, one that gets another key a microsecond.
  const shape = { ...services, peerAddress: '', headerSink: undefined, requestContext: undefined };
  const answer = getRequestListener(
    (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: NodeResponse };
      const peerAddress = incoming.socket.remoteAddress ?? '';
      return router.fetch(request, { ...shape, peerAddress, headerSink: outgoing });
    },
    // A request that can't become a `Request`: a broken Host header, a target that is no address.
    { errorHandler: () => refuse(new Problem('malformed-request'), publicUrl) },
  );
  const { publicUrl } = services.settings;
  const ownHost = new URL(publicUrl).host;
  const server = createServer(
    {
      ServerResponse: NodeResponse,
      keepAliveTimeout: 65_000,
      headersTimeout: 15_000,
      requestTimeout: 30_000,
      // Without it the adapter refuses, with a problem, where Node would with an empty page.
      requireHostHeader: false,
    },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      if (draining) outgoing.setHeader('Connection', 'close');
      // Only since HTTP/1.1 a request has to name its host (RFC 9112, section 3.2); health checks often speak 1.0.
      if (incoming.httpVersion === '1.0') incoming.headers.host ??= ownHost;
      answer(incoming, outgoing).catch((error: unknown) => {
        // Headers that Node refuses to write; of an answer that was waited for, the adapter tells by itself.
        services.log.error('response failed', {}, error);
        if (outgoing.headersSent) return void outgoing.destroy();
        const { status, headers, body } = toPlainAnswer('internal-error', publicUrl);
        outgoing.writeHead(status, Object.entries(headers).flat()).end(body);
      });
    },
  );
  server.on('checkExpectation', (_: IncomingMessage, outgoing: ServerResponse) => {
    // Its body, if it comes, is nothing that anybody reads.
    outgoing.shouldKeepAlive = false;
    const { status, headers, body } = toPlainAnswer('expectation-failed', publicUrl);
    outgoing.writeHead(status, headers).end(body);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    refuseBelowHttp(error, socket, publicUrl);
  });
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

const slugOfParserError: Readonly<Record<string, ProblemSlug>> = {
  HPE_HEADER_OVERFLOW: 'header-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'content-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** What Node's parser refuses never becomes a request: it is answered on the bare socket. */
function refuseBelowHttp({ code = '' }: NodeJS.ErrnoException, socket: Socket, publicUrl: string): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = toPlainAnswer(slugOfParserError[code] ?? 'malformed-request', publicUrl);
  const fields = Object.entries({ ...headers, Connection: 'close' });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      fields.map(([name, value]) => `${name}: ${value}\r\n`).join('') +
      `\r\n${body}`,
  );
}

function toPlainAnswer(slug: ProblemSlug, publicUrl: string) {
  const requestId = createUuid();
  const body = JSON.stringify(toProblemDocument(new Problem(slug), { base: publicUrl, requestId }));
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
  };
  return { status: problems[slug].status, headers, body };
}
