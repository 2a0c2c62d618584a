/** What the Redis behind us says of its own commands (`COMMAND`): flags, categories, where the keys stand. */
import { toName, type Argument, type Command } from './command.ts';
import type { Reply } from './reply.ts';
import { parseStreamRead } from './stream-read.ts';

interface Facts {
  /** How many words it has with its name; negative when these are the least. */
  readonly arity: number;
  readonly flags: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  /** Position of the first key; 0 when there is none, or when it moves. */
  readonly firstKey: number;
}

export type CommandTable = ReadonlyMap<string, Facts>;

/** Reads the reply of `COMMAND`. Subcommands stand under `CONFIG|SET`; Redis 6.2 does not tell them. */
export function parseCommandTable(reply: Reply): CommandTable {
  const table = new Map<string, Facts>();
  for (const row of toList(reply)) collect(row, table);
  return table;
}

function collect(row: Reply, table: Map<string, Facts>): void {
  const [name, arity, flags, firstKey, , , categories, , , subcommands] = toList(row);
  if (!Buffer.isBuffer(name)) return;
  table.set(name.toString().toUpperCase(), {
    arity: Number(arity),
    flags: new Set(toList(flags).map(String)),
    categories: new Set(toList(categories).map(String)),
    firstKey: Number(firstKey),
  });
  for (const subcommand of toList(subcommands)) collect(subcommand, table);
}

function toList(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? reply : [];
}

export function findFacts(table: CommandTable, command: Command): Facts | undefined {
  const name = toName(command);
  return table.get(`${name}|${toName(command, 1)}`) ?? table.get(name);
}

// Their keys come after a count, or after a word, so the table has no position for them.
const countedKeys = new Map<string, number>([
  ...['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'FCALL', 'FCALL_RO'].map((name) => [name, 2] as const),
  ...['ZUNION', 'ZINTER', 'ZDIFF', 'ZINTERCARD', 'SINTERCARD', 'LMPOP', 'ZMPOP'].map(
    (name) => [name, 1] as const,
  ),
]);

/** The key that decides which node of a cluster runs the command; undefined when it has none. */
export function toFirstKey(table: CommandTable, command: Command): Argument | undefined {
  const name = toName(command);
  const count = countedKeys.get(name);
  if (count !== undefined) return Number(command[count]) > 0 ? command[count + 1] : undefined;
  if (name === 'XREAD' || name === 'XREADGROUP') {
    return parseStreamRead(command)?.firstKey;
  }
  const position = findFacts(table, command)?.firstKey ?? 0;
  return position > 0 ? command[position] : undefined;
}
