/**
 * Rows that requests look up by a key each: all that is asked within one turn of the event loop is one statement. A statement
 * costs Postgres and us several times what a row of it does.
 */
import { batchByTurn } from './batch.ts';
import type { Database, Sql } from './sql.ts';

/** A row says whose it is. */
export interface Keyed {
  readonly key: string;
}

/**
 * Of one statement. One for all that a turn asks for would leave Postgres idle while this process is busy, and the other way
 * around: so one half is looked up while the other one is answered. A row costs Postgres a fifth more than in one of a hundred.
 */
const mostKeys = 32;

/**
 * Only those who share a client are asked for together: on Workers, where each request has its own, nobody is.
 *
 * @param read one statement, which only reads, and which no key can make fail for the others. Its plan has to be one for any number of
 * keys, by an index: of an array Postgres counts the elements and plans each statement anew (0.4 ms), of a text that it splits it can't,
 * and a row with `limit 1` is looked up by itself.
 * @returns finds the row of a key, or undefined; rejects as the statement did, to all who asked by it
 *
 * @example
 * const findName = createLookUp((sql, ids) => sql<{ name: string } & Keyed>`
 *   select found.* from string_to_table(${ids.join(',')}, ',') as asked (id)
 *     cross join lateral (select users.id as key, name from users where users.id = asked.id::uuid limit 1) as found`);
 * const row = await findName(database, id);
 */
export function createLookUp<Row extends Keyed>(
  read: (sql: Sql, keys: readonly string[]) => Promise<readonly Row[]>,
): (database: Pick<Database, 'sql'>, key: string) => Promise<Row | undefined> {
  const batches = new WeakMap<object, ReadByKey<Row>>();

  return async (database, key) => {
    let readTogether = batches.get(database);
    if (!readTogether) {
      readTogether = batchByTurn(
        async (keys) => new Map((await read(database.sql, keys)).map((row) => [row.key, row])),
        { most: mostKeys },
      );
      batches.set(database, readTogether);
    }
    return (await readTogether([key])).get(key);
  };
}

type ReadByKey<Row> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>;
