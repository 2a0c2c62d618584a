/**
 * What the Redis user may do inside a script although it is refused as a command. A script is opaque from here, so only
 * the rights of the user itself hold in it.
 */
import { ErrorReply } from '@redis/client';
import type { CommandTable } from './command-table.ts';
import type { Command } from './command.ts';
import type { RedisConnection } from './connection.ts';
import { administers } from './refusals.ts';

/**
 * Queues each of these commands in a transaction and discards it: Redis tells whether the user may run them (also 6.2,
 * and without a right to ask for rights), and runs none.
 *
 * @returns the names of those that the user may run, `SLOWLOG|GET` for a subcommand
 * @throws when the connection fails, or the user may not MULTI and DISCARD
 */
export async function findExcess(
  connection: Pick<RedisConnection, 'sendCommand'>,
  table: CommandTable,
): Promise<readonly string[]> {
  const names = findForbidden(table);
  // Awaited: without a transaction, what follows would run.
  await connection.sendCommand(['MULTI']);
  const replies = await Promise.allSettled([
    ...names.map((name) => connection.sendCommand(toProbe(name, table))),
    connection.sendCommand(['DISCARD']),
  ]);
  const discarded = replies.at(-1);
  // Still in the transaction, whatever comes next would be queued and never run.
  if (discarded?.status === 'rejected') throw discarded.reason;
  return names.filter((_, index) => {
    const reply = replies[index];
    if (reply?.status !== 'rejected') return true;
    if (!(reply.reason instanceof ErrorReply)) throw reply.reason;
    // Another objection, such as that a key is elsewhere, comes only after the user has been found to have the right.
    return !/^NOPERM .*permissions to run /.test(reply.reason.message);
  });
}

function findForbidden(table: CommandTable): readonly string[] {
  const containers = new Set([...table.keys()].map((name) => name.split('|')).flatMap(toContainer));
  return [...table]
    .filter(([name, { flags }]) => {
      // Redis itself keeps these out of scripts.
      if (flags.has('noscript')) return false;
      // Of subcommands only those that administer: HELP and CLUSTER SLOTS tell nothing, and clients need them.
      if (name.includes('|')) return flags.has('admin');
      // SELECT leads out of the database that REDIS_URL names.
      return !containers.has(name) && (flags.has('admin') || administers(name) || name === 'SELECT');
    })
    .map(([name]) => name)
    .sort();
}

function toContainer([name = '', subcommand]: readonly string[]): readonly string[] {
  return subcommand === undefined ? [] : [name];
}

/** With as many arguments as it needs at least, or it would not get as far as the rights. */
function toProbe(name: string, table: CommandTable): Command {
  const words = name.split('|');
  const missing = Math.abs(table.get(name)?.arity ?? 0) - words.length;
  const [first = name, ...rest] = words;
  return [first, ...rest, ...new Array<string>(Math.max(0, missing)).fill('x')];
}
