/**
 * Server-sent events: SUBSCRIBE, PSUBSCRIBE and MONITOR, each on a connection of its own that closes with
 * the client. When Redis goes away the stream ends: what was published meanwhile is lost, and only an end
 * tells the client so.
 */
import type { ServerResponse } from 'node:http';
import { withDeadline } from '../db/deadline.ts';
import type { RedisConnection } from './connection.ts';
import type { Redis } from './redis.ts';
import { Rejection } from './rejection.ts';

export type StreamKind = 'subscribe' | 'psubscribe' | 'monitor';

export interface Streams {
  /**
   * Responds with a stream once Redis has confirmed it.
   *
   * @throws {Rejection} 400 without a channel, 503 when Redis is away or too many streams are open
   */
  readonly open: (kind: StreamKind, names: readonly string[], response: ServerResponse) => Promise<void>;
  readonly endAll: () => void;
}

// Each stream costs a connection to Redis, which takes 10,000 by default.
const maxStreams = 1000;
// A client that reads more slowly than Redis publishes is let go before it costs more memory than this.
const maxUnreadBytes = 1024 * 1024;

export function createStreams({
  redis,
  heartbeatMs,
  deadlineMs,
}: {
  readonly redis: Pick<Redis, 'dedicate'>;
  readonly heartbeatMs: number;
  readonly deadlineMs: number;
}): Streams {
  const open = new Set<ServerResponse>();

  return {
    open: async (kind, names, response) => {
      if (kind !== 'monitor' && names.length === 0) {
        throw new Rejection(400, `ERR wrong number of arguments for '${kind}' command`);
      }
      if (open.size >= maxStreams) throw away('ERR too many streams are open');
      const connections = redis.dedicate(kind === 'monitor' ? 'all' : 'one');
      if (connections.length === 0) throw away('ERR Redis is away');
      open.add(response);
      let hasBegun = false;
      let isGone = false;
      const end = () => {
        isGone = true;
        open.delete(response);
        for (const connection of connections) connection.destroy();
        if (hasBegun) response.end();
      };
      response.once('close', end);
      for (const connection of connections) connection.once('terminated', end);

      // Redis may deliver a message together with its confirmation, which must be written first.
      const held: string[] = [];
      let write = (line: string) => {
        held.push(line);
      };
      try {
        await withDeadline(
          deadlineMs,
          start(kind, names, connections, (line) => write(line)),
        );
      } catch {
        end();
      }
      if (isGone) throw away('ERR Redis is away: no stream was opened');
      hasBegun = true;
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      write = (line) => {
        response.write(toEvent(line));
        if (response.writableLength > maxUnreadBytes) response.destroy();
      };
      for (const line of toConfirmations(kind, names)) write(line);
      for (const line of held) write(line);
      const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), heartbeatMs);
      response.once('close', () => {
        clearInterval(heartbeat);
      });
    },
    endAll: () => {
      for (const response of open) response.end();
    },
  };
}

async function start(
  kind: StreamKind,
  names: readonly string[],
  connections: readonly RedisConnection[],
  write: (line: string) => void,
): Promise<void> {
  for (const connection of connections) {
    connection.on('error', () => undefined);
    await connection.connect();
    if (kind === 'subscribe') {
      await connection.subscribe([...names], (message, channel) => write(`message,${channel},${message}`));
    } else if (kind === 'psubscribe') {
      for (const pattern of names) {
        await connection.pSubscribe(pattern, (message, channel) => {
          write(`pmessage,${pattern},${channel},${message}`);
        });
      }
    } else {
      await connection.monitor((line) => write(String(line)));
    }
  }
}

function toConfirmations(kind: StreamKind, names: readonly string[]): readonly string[] {
  return kind === 'monitor' ? ['"OK"'] : names.map((name, index) => `${kind},${name},${index + 1}`);
}

/** A line break would end the field, so each line gets a `data:` of its own. */
function toEvent(text: string): string {
  return `data: ${text.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`;
}

function away(message: string): Rejection {
  return new Rejection(503, message, { 'Retry-After': '1' });
}
