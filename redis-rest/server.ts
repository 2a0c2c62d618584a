/** The server around the endpoint: it listens, keeps slow and broken clients from holding on, and drains. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../lib/core/log.ts';
import { createHandler } from './handler.ts';
import { createHealthRoutes } from './health.ts';
import type { Vet } from './link.ts';
import { createReaders } from './readers.ts';
import { createRedis } from './redis.ts';
import { findExcess } from './rights.ts';
import { createRunner } from './runner.ts';
import type { Settings } from './settings.ts';
import { createStreams } from './stream.ts';

export interface RestServer {
  /** Resolves with the port once connections are accepted; Redis may still be away. */
  readonly listen: () => Promise<number>;
  /** Serves what comes for `drainDelayMs`, then finishes what is in flight, and closes. */
  readonly drain: () => Promise<void>;
}

// Traefik keeps idle connections for 30 s: whoever gives up first must not be the one that responds.
const keepAliveMs = 65_000;
const drainLimitMs = 15_000;

const faults: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'ERR the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'ERR the headers are too large'],
};
const malformed = ['400 Bad Request', 'ERR the request is not HTTP'] as const;

// What read-only callers may ask for at once. So much of the smallest elements takes this process a tenth of a second to
// read and write, in which everybody waits.
const readers = { size: 4, maxReplyBytes: 2 * 1024 * 1024 } as const;

/** @param options.onUnfit called in production when the Redis user may do what no caller may */
export function createRestServer(
  settings: Settings,
  {
    log,
    onUnfit = () => undefined,
    heartbeatMs = 15_000,
  }: { readonly log: Log; readonly onUnfit?: () => void; readonly heartbeatMs?: number },
): RestServer {
  const { redis: target, requestTimeoutMs: deadlineMs, isProduction } = settings;
  let isDraining = false;
  const vet = createVet(log, { isProduction, onUnfit });
  const redis = createRedis({ target, deadlineMs, log, vet });
  const readerPool = createReaders({
    size: settings.readOnlyTokens.length > 0 ? readers.size : 0,
    deadlineMs,
    open: (onReady) => createRedis({ target, deadlineMs, maxReplyBytes: readers.maxReplyBytes, onReady }),
  });
  const streams = createStreams({ redis, heartbeatMs, deadlineMs });
  const health = createHealthRoutes(redis);
  const runner = createRunner(redis, readerPool);
  const handler = createHandler(settings, { runner, streams, health, log });

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
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(settings.port, settings.host, () => {
          const { port } = server.address() as AddressInfo;
          resolve(port);
        });
      }),

    drain: async () => {
      isDraining = true;
      health.drain();
      await sleep(settings.drainDelayMs);
      streams.endAll();
      const closed = new Promise((resolve) => server.close(resolve));
      const limit = setTimeout(() => {
        server.closeAllConnections();
      }, drainLimitMs);
      await closed;
      clearTimeout(limit);
      redis.destroy();
      readerPool.destroy();
    },
  };
}

/** Says by name what scripts could do, once. In development that is a warning, so that any Redis will do. */
function createVet(
  log: Log,
  { isProduction, onUnfit }: { readonly isProduction: boolean; readonly onUnfit: () => void },
): Vet {
  let told = '';
  return async (connection, table) => {
    const commands = (await findExcess(connection, table)).join(' ');
    if (commands === '') return true;
    if (commands !== told) {
      const remedy = 'give REDIS_URL a user without these rights: docs/redis-rest.md, "The Redis user"';
      const tell = isProduction ? log.error : log.warn;
      tell('scripts may run what is refused as a command', { commands, remedy });
    }
    told = commands;
    if (isProduction) onUnfit();
    return !isProduction;
  };
}
