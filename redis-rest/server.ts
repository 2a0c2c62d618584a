/** The server around the endpoint: it listens, keeps slow and broken clients from holding on, and drains. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHandler } from './handler.ts';
import { createHealthChecks } from './health.ts';
import type { Log } from './log.ts';
import { createRedis } from './redis.ts';
import { createRunner } from './runner.ts';
import type { Settings } from './settings.ts';
import { createStreams } from './stream.ts';

export interface RestServer {
  /** Resolves with the port once connections are accepted; Redis may still be away. */
  readonly listen: () => Promise<number>;
  /** Answers what comes for `drainDelayMs`, then finishes what is in flight, and closes. */
  readonly drain: () => Promise<void>;
}

// Traefik keeps idle connections for 30 s: whoever gives up first must not be the one that answers.
const keepAliveMs = 65_000;
const drainLimitMs = 15_000;

const faults: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'ERR the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'ERR the headers are too large'],
};
const malformed = ['400 Bad Request', 'ERR the request is not HTTP'] as const;

export function createRestServer(
  settings: Settings,
  { log, heartbeatMs = 15_000 }: { readonly log: Log; readonly heartbeatMs?: number },
): RestServer {
  const deadlineMs = settings.requestTimeoutMs;
  let isDraining = false;
  const redis = createRedis({ target: settings.redis, deadlineMs, log });
  const streams = createStreams({ redis, heartbeatMs, deadlineMs });
  const health = createHealthChecks(redis, { isDraining: () => isDraining });
  const handler = createHandler(settings, { runner: createRunner(redis), streams, health, log });

  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      requestTimeout: deadlineMs,
      headersTimeout: deadlineMs,
      connectionsCheckingInterval: Math.min(500, deadlineMs),
    },
    (request, response) => {
      if (isDraining) response.shouldKeepAlive = false;
      handler(request, response);
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [status, message] = faults[error.code ?? ''] ?? malformed;
    const body = JSON.stringify({ error: message });
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });

  return {
    listen() {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(settings.port, settings.host, () => {
          const { port } = server.address() as AddressInfo;
          resolve(port);
        });
      });
    },

    async drain() {
      isDraining = true;
      await sleep(settings.drainDelayMs);
      streams.endAll();
      const closed = new Promise((resolve) => server.close(resolve));
      const limit = setTimeout(() => {
        server.closeAllConnections();
      }, drainLimitMs);
      await closed;
      clearTimeout(limit);
      redis.destroy();
    },
  };
}
