/** How many bytes Redis may reply to one request: more than that, and the connection is given up before they are read. */
import type { RedisConnection } from './connection.ts';

export interface ReplyBudget {
  /** For the next request. */
  readonly renew: () => void;
  readonly isSpent: () => boolean;
  /** Counts what arrives on this connection, and destroys it once the budget is spent. */
  readonly watch: (connection: RedisConnection) => void;
}

export function createReplyBudget(maxBytes: number): ReplyBudget {
  let spentBytes = 0;
  return {
    renew: () => {
      spentBytes = 0;
    },
    isSpent: () => spentBytes > maxBytes,
    watch: (connection) => {
      // The client tells nobody of bytes before they are a reply; by then a large one has cost what it costs.
      const socket = connection._ejectSocket();
      connection._insertSocket(socket);
      socket.on('data', (chunk: Buffer) => {
        spentBytes += chunk.length;
        if (spentBytes > maxBytes) connection.destroy();
      });
    },
  };
}
