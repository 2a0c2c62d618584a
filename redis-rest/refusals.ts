/**
 * Which commands do not pass. All callers share one connection, so nothing may change its state or keep it
 * waiting; and an HTTP token is no administrator.
 */
import { findFacts, type CommandTable } from './command-table.ts';
import { toName, type Command } from './command.ts';
import { parseStreamRead } from './stream-read.ts';

const transaction = 'send the commands of a transaction together to /multi-exec';
const stream = 'open a stream with POST /subscribe/<channel> or /psubscribe/<pattern>';
const connection = 'it would change the connection that all callers share';
const blocking = 'it would block the connection that all callers share';
const administration = 'it administers the server';
const unclear =
  'it has an option that is not known here, and that could block the connection that all callers share';

// By name, because old servers flag some of them wrongly, or their subcommands not at all.
const refused: Readonly<Record<string, readonly string[]>> = {
  [transaction]: ['MULTI', 'EXEC', 'DISCARD', 'WATCH', 'UNWATCH'],
  [stream]: ['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE'],
  'open a stream with POST /monitor': ['MONITOR'],
  [connection]: ['AUTH', 'HELLO', 'SELECT', 'RESET', 'QUIT', 'CLIENT', 'ASKING', 'READONLY', 'READWRITE'],
  [blocking]: [
    ...['BLPOP', 'BRPOP', 'BLMOVE', 'BRPOPLPUSH', 'BLMPOP', 'BZPOPMIN', 'BZPOPMAX', 'BZMPOP'],
    ...['WAIT', 'WAITAOF', 'SAVE'],
  ],
  [administration]: [
    ...['ACL', 'BGREWRITEAOF', 'BGSAVE', 'CLUSTER', 'CONFIG', 'DEBUG', 'FAILOVER', 'LATENCY', 'MODULE'],
    ...['PFDEBUG', 'PFSELFTEST', 'PSYNC', 'REPLCONF', 'REPLICAOF', 'SENTINEL', 'SHUTDOWN', 'SLAVEOF'],
    ...['MIGRATE', 'MOVE', 'RESTORE-ASKING', 'SLOWLOG', 'SWAPDB', 'SYNC'],
  ],
};

const reasons = new Map(
  Object.entries(refused).flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
);

/** Whether this command, by its name in upper case, administers the server. */
export function administers(name: string): boolean {
  return reasons.get(name) === administration;
}

// Neither reads nor writes data, so Redis does not flag them as reads.
const harmless = new Set(['PING', 'ECHO', 'TIME']);

// These only read, but a caller who may do no more than read could keep everybody waiting with them.
const expensive = new Set(['SCAN', 'LCS']);

// For a negative count Redis makes up as many members as it says, out of the smallest set.
const repeating = new Set(['SRANDMEMBER', 'HRANDFIELD', 'ZRANDMEMBER']);
const mostRepeats = 1000;

/** Why this command may not run, as the text of an error; undefined when it may. */
export function findRefusal(
  command: Command,
  table: CommandTable,
  { readOnly }: { readOnly: boolean },
): string | undefined {
  const name = toName(command);
  const reason = reasons.get(name) ?? findReason(name, command, table);
  if (reason !== undefined) return `ERR '${toLabel(command)}' is not available over REST: ${reason}`;
  if (readOnly && !isRead(name, command, table)) {
    return `NOPERM a read-only token has no permission to run '${toLabel(command)}'`;
  }
  if (readOnly && repeating.has(name) && Number(command[2]) < -mostRepeats) {
    return `NOPERM a read-only token may ask for ${mostRepeats} members with repeats`;
  }
  return undefined;
}

function findReason(name: string, command: Command, table: CommandTable): string | undefined {
  if (name === 'SCRIPT' && toName(command, 1) === 'DEBUG') return connection;
  const flags = findFacts(table, command)?.flags;
  if (flags?.has('admin')) return administration;
  if (name === 'XREAD' || name === 'XREADGROUP') {
    const read = parseStreamRead(command);
    if (read === undefined) return unclear;
    return read.isBlocking ? blocking : undefined;
  }
  return flags?.has('blocking') ? blocking : undefined;
}

function isRead(name: string, command: Command, table: CommandTable): boolean {
  if (harmless.has(name)) return true;
  const facts = findFacts(table, command);
  return (
    facts !== undefined &&
    facts.flags.has('readonly') &&
    !facts.categories.has('@dangerous') &&
    !facts.categories.has('@scripting') &&
    !expensive.has(name)
  );
}

/** A name as an error may show it: short, whatever was sent. */
function toLabel(command: Command): string {
  return toName(command).slice(0, 64);
}
