/** One connection of `@redis/client`, set up so that replies can be passed on as they came. */
import { createClient, RESP_TYPES, type TypeMapping } from '@redis/client';
import type { Command } from './command.ts';
import type { ReadAs, Reply } from './reply.ts';

/** For JSON, strings are bytes and integers are digits; what is a status does not matter there. */
const jsonMapping = {
  [RESP_TYPES.BLOB_STRING]: Buffer,
  [RESP_TYPES.SIMPLE_STRING]: Buffer,
  [RESP_TYPES.NUMBER]: String,
};

/** For RESP2, a status must be told from a string of bytes. */
const resp2Options = { typeMapping: { ...jsonMapping, [RESP_TYPES.SIMPLE_STRING]: String } };

/** The client's own reading: strings and numbers. */
const valueOptions = { typeMapping: {} };

/** How long a server may take to accept a connection, and again to answer its greeting. */
export const connectTimeoutMs = 2000;

/** After how long a server that let itself be reached, and then refused to say what it can do, is asked again. */
export const retryMs = 500;

/** What all connections have in common. The deadline is ours: a timer per command halves the speed. */
export const commonOptions = {
  RESP: 2,
  disableOfflineQueue: true,
  maintNotifications: 'disabled',
  commandOptions: { timeout: 0, typeMapping: jsonMapping },
} as const;

/** The options of a command whose reply is to be read so; undefined where those of the connection say it. */
export function toReadingOptions(readAs: ReadAs): { readonly typeMapping: TypeMapping } | undefined {
  if (readAs === 'values') return valueOptions;
  return readAs === 'resp2' ? resp2Options : undefined;
}

const multi: Command = ['MULTI'];
const exec: Command = ['EXEC'];

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

/**
 * Runs the commands as one transaction, and resolves with their replies, errors of single commands among
 * them. Rejects when the transaction was discarded, with the error that is to blame.
 */
export async function transact(
  connection: Pick<RedisConnection, 'sendCommand'>,
  commands: readonly Command[],
): Promise<readonly Reply[]> {
  // Queued in one tick, and lost together when the connection is lost. (The client's own multi() would
  // decode the replies as text.)
  const sent = [multi, ...commands, exec].map((command) => connection.sendCommand<Reply>(command));
  for (const settled of await Promise.allSettled(sent)) {
    if (settled.status === 'rejected') throw settled.reason;
  }
  const replies = await sent.at(-1);
  return Array.isArray(replies) ? replies : [];
}
