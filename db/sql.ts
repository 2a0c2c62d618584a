/**
 * The database as functions see it: tagged SQL, sent as a prepared statement, and a transaction.
 * `db/client.ts` implements it over postgres.js; nothing in `functions/` or `lib/` imports a driver.
 */

export type SqlValue = string | number | boolean | Date | Uint8Array | null | readonly string[];

/** A part of a statement, with its own values, to be put into another: `insert into ... ${fragment}`. */
export interface SqlFragment {
  readonly strings: readonly string[];
  readonly values: readonly (SqlValue | SqlFragment)[];
}

/**
 * Runs one statement and answers its rows, column names in camelCase. What only reads (`select`, or `with` without
 * insert, update, delete and merge) may run twice, so it must not call a function that writes.
 *
 * @throws {Outage} when Postgres can't be reached or doesn't answer in time; a route answers 503 `service-unavailable`.
 */
export type Sql = <Row extends object>(
  strings: TemplateStringsArray,
  ...values: readonly (SqlValue | SqlFragment)[]
) => Promise<readonly Row[]>;

export interface Database {
  readonly sql: Sql;
  /** All of `work` or nothing, under one deadline. It may run twice: what it does elsewhere is not taken back. */
  readonly transaction: <Result>(work: (sql: Sql) => Promise<Result>) => Promise<Result>;
}

/**
 * What several statements say alike, written once. It runs nothing by itself.
 *
 * @example sql`with ended as (...) ${fragment`select id from ended`}`
 */
export function fragment(
  strings: TemplateStringsArray,
  ...values: readonly (SqlValue | SqlFragment)[]
): SqlFragment {
  return { strings, values };
}

/** Whether a statement failed because another has just written what must be there once (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === '23505';
}
