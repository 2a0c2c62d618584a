/** One connection of `@redis/client`, set up so that replies can be passed on as they came. */

import { createClient, MultiErrorReply, RESP_TYPES } from '@redis/client';
import type { Reply } from './reply.ts';

/** For JSON, strings are bytes and integers are digits; what is a status does not matter there. */
export const jsonMapping = {
  [RESP_TYPES.BLOB_STRING]: Buffer,
  [RESP_TYPES.SIMPLE_STRING]: Buffer,
  [RESP_TYPES.NUMBER]: String,
};

/** For RESP2, a status must be told from a string of bytes. */
export const resp2Mapping = { ...jsonMapping, [RESP_TYPES.SIMPLE_STRING]: String };

/** How long a server may take to accept a connection, and again to answer its greeting. */
export const connectTimeoutMs = 2000;

/** What all connections have in common. The deadline is ours: a timer per command halves the speed. */
export const commonOptions = {
  RESP: 2,
  disableOfflineQueue: true,
  maintNotifications: 'disabled',
  commandOptions: { timeout: 0, typeMapping: jsonMapping },
} as const;

export type RedisConnection = ReturnType<typeof createConnection>;

/** `lasting` connections come back by themselves, the others end with their first failure. */
export function createConnection(url: string, { lasting }: { readonly lasting: boolean }) {
  return createClient({
    ...commonOptions,
    url,
    socket: {
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: lasting ? (retries) => Math.min(25 * 2 ** retries, 500) : false,
    },
  });
}

/** The replies of a transaction that ran, the errors of single commands among them. */
export async function collectReplies(transaction: Promise<unknown>): Promise<readonly Reply[]> {
  try {
    return (await transaction) as readonly Reply[];
  } catch (error) {
    if (error instanceof MultiErrorReply) return error.replies as readonly Reply[];
    throw error;
  }
}
