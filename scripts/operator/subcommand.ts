/** Commands that do one of several things: which one, with which arguments, over which database, and how it ended. */
import type { ParseArgsConfig } from 'node:util';
import { createDatabaseClient } from '../../db/client.ts';
import type { Database } from '../../db/sql.ts';
import { openCommandDatabase } from '../../hosts/node/command-database.ts';
import { readCommandLine, refuseUsage } from '../../lib/core/command-line.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { Refusal } from './refusal.ts';

/** Answers the exit code. */
export type Subcommand = () => Promise<number>;

/** Runs the one that the first argument names, and answers the exit code. @param name of the command */
export async function runSubcommand(
  name: string,
  usage: string,
  subcommands: Readonly<Record<string, Subcommand>>,
): Promise<number> {
  const [asked = ''] = process.argv.slice(2);
  const run = Object.hasOwn(subcommands, asked) ? subcommands[asked] : undefined;
  if (!run) return refuseSubcommand(usage, Object.keys(subcommands));
  try {
    return await run();
  } catch (error) {
    process.stderr.write(`${name}: ${toErrorMessage(error)}\n`);
    return error instanceof Refusal ? error.exitCode : 1;
  }
}

function refuseSubcommand(usage: string, names: readonly string[]): never {
  const { positionals } = readCommandLine(usage, { options: {}, maximumPositionals: 1 });
  const [asked] = positionals;
  const known = names.join(', ');
  return refuseUsage(usage, asked === undefined ? `Say what: ${known}` : `'${asked}' is none of: ${known}`);
}

interface Positionals {
  readonly names: readonly string[];
  readonly optional?: number;
}

/**
 * The arguments behind the name of the subcommand. One that is missing ends the process, as does one that is over.
 *
 * @param names of the positionals, as the usage has them
 * @param optional how many of them, counted from the last, need not be there
 */
export function readArguments<Given extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  { options, names, optional = 0 }: Positionals & { readonly options: Given },
) {
  const line = readCommandLine(usage, { options, maximumPositionals: names.length + 1 });
  const given = line.positionals.slice(1);
  const missing = names[given.length];
  if (missing !== undefined && given.length < names.length - optional)
    refuseUsage(usage, `${missing} is missing`);
  return { values: line.values, given };
}

/** Opens the database that the environment names for as long as the work takes. */
export async function withDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  const { url, close } = await openCommandDatabase(process.env);
  const database = createDatabaseClient({ url });
  try {
    return await work(database);
  } finally {
    await database.close();
    await close();
  }
}
