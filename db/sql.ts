/**
 * The database as functions see it: tagged SQL, sent as a prepared statement, and a transaction.
 * `db/client.ts` implements it over postgres.js; nothing in `functions/` or `lib/` imports a driver.
 */

export type SqlValue = string | number | boolean | Date | Uint8Array | null | readonly string[];

/**
 * Runs one statement and answers its rows, column names in camelCase.
 *
 * @throws {Problem} `service-unavailable` when Postgres can't be reached or doesn't answer in time.
 */
export type Sql = <Row extends object>(
  strings: TemplateStringsArray,
  ...values: readonly SqlValue[]
) => Promise<readonly Row[]>;

export interface Database {
  readonly sql: Sql;
  /** All of `work` or nothing, under one deadline. */
  readonly transaction: <Result>(work: (sql: Sql) => Promise<Result>) => Promise<Result>;
}

/** Whether a statement failed because another has just written what must be there once (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === '23505';
}
