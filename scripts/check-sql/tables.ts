/** The tables that `db/schema.ts` says, where its migration has not been generated yet. */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import type postgres from 'postgres';

interface Journal {
  readonly entries: readonly { readonly idx: number }[];
}

/**
 * @param schema the module
 * @param migrations their folder, with a slash at its end
 * @returns the statements that make its tables in an empty schema; undefined when the migrations have made them
 */
export async function findUnmigrated(
  schema: Record<string, unknown>,
  migrations: URL,
): Promise<readonly string[] | undefined> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(new URL(`meta/${name}`, migrations), 'utf8'));
  const { entries } = (await read('_journal.json')) as Journal;
  const newest = String(entries.at(-1)?.idx ?? 0).padStart(4, '0');
  const wanted = generateDrizzleJson(schema);
  const made = await read(`${newest}_snapshot.json`);
  if (isDeepStrictEqual(toTables(made), toTables(wanted))) return undefined;
  // From nothing: what has another name now would be asked for otherwise.
  return generateMigration(generateDrizzleJson({}), wanted);
}

/** Without what every snapshot has of its own. */
function toTables(snapshot: unknown): unknown {
  const ownKeys = ['id', 'prevId'];
  return JSON.parse(
    JSON.stringify(snapshot, (key, value: unknown) =>
      ownKeys.includes(key) && typeof value === 'string' ? undefined : value,
    ),
  );
}

/** Puts these tables in the place of those that the migrations made. */
export async function replaceTables(sql: postgres.Sql, statements: readonly string[]): Promise<void> {
  const old = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  // Functions stay, which no table is made of: a statement may call one.
  for (const { name } of old) await sql.unsafe(`drop table "${name}" cascade`);
  for (const statement of statements) await sql.unsafe(statement);
}
