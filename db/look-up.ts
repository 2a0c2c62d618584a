/**
 * Rows that requests look up by a key each: all that is asked within one turn of the event loop is one statement. A statement
 * costs Postgres and us several times what a row of it does.
 */
import { setImmediate } from 'node:timers';
import type { Database, Sql } from './sql.ts';

/** A row says whose it is. */
export interface Keyed {
  readonly key: string;
}

interface Turn<Row> {
  readonly keys: string[];
  readonly rows: Promise<ReadonlyMap<string, Row>>;
}

/** Of one statement, so that no answer is long enough to hold up another one. */
const mostKeys = 100;

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
  const turns = new WeakMap<object, Turn<Row>>();

  function begin(database: Pick<Database, 'sql'>): Turn<Row> {
    const keys: string[] = [];
    // After the turn's I/O: the requests that arrived together have asked by then.
    const over = new Promise<void>((resolve) => setImmediate(resolve));
    const rows = over.then(async () => {
      if (turns.get(database) === turn) turns.delete(database);
      return new Map((await read(database.sql, keys)).map((row) => [row.key, row]));
    });
    const turn = { keys, rows };
    turns.set(database, turn);
    return turn;
  }

  return async (database, key) => {
    let turn = turns.get(database);
    if (!turn || turn.keys.length === mostKeys) turn = begin(database);
    turn.keys.push(key);
    return (await turn.rows).get(key);
  };
}
