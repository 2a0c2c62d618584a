/** A transaction that ends as a whole: committed, rolled back, or with its connection destroyed. */
import { flatten } from './flatten.ts';
import type { Sql, SqlFragment, SqlValue } from './sql.ts';
import type { Connection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { findOutage, throwDoubtful, toHung, wasUndone } from './outage.ts';

export interface TransactionDeadlines {
  /** For all of it. */
  readonly transactionMs: number;
  /** For each statement, BEGIN and COMMIT among them. */
  readonly statementMs: number;
}

/**
 * Runs `work` between BEGIN and COMMIT. A statement that failed fails the whole, even if `work` swallowed it:
 * Postgres would answer the COMMIT with a silent ROLLBACK. One that `work` did not await is waited for: it would run after the
 * end, by itself. The connection is destroyed unless it is fit for use.
 */
export async function runTransaction<Result>(
  connection: Connection,
  work: (sql: Sql) => Promise<Result>,
  { transactionMs, statementMs }: TransactionDeadlines,
): Promise<Result> {
  let over = false;
  let committing = false;
  const pending = new Set<Promise<unknown>>();
  let failure: { readonly error: unknown } | undefined;

  const inTime = <Answer>(asked: Promise<Answer>) => withDeadline(statementMs, asked, toHung);

  const sql: Sql = async <Row extends object>(
    strings: TemplateStringsArray,
    ...values: readonly (SqlValue | SqlFragment)[]
  ) => {
    const flat = flatten(strings, values);
    if (over) throw new Error('A statement came after the end of its transaction');
    const asked = inTime(connection.run<Row>(flat.strings, flat.values));
    pending.add(asked);
    try {
      return await asked;
    } catch (error) {
      failure ??= { error };
      throw findOutage(error) ?? error;
    } finally {
      pending.delete(asked);
    }
  };

  async function runAll(): Promise<Result> {
    await inTime(connection.begin());
    const result = await work(sql);
    over = true;
    await Promise.allSettled(pending);
    if (failure) throw failure.error;
    committing = true;
    await inTime(connection.sql.unsafe('commit'));
    return result;
  }

  try {
    return await withDeadline(transactionMs, runAll(), toHung);
  } catch (error) {
    over = true;
    const outage = findOutage(failure?.error ?? error);
    // What the server undid leaves the connection as any failed statement does.
    if (outage && !wasUndone(outage)) connection.destroy();
    else {
      await Promise.allSettled(pending);
      await rollBack(connection, statementMs);
    }
    if (committing) throwDoubtful(error);
    throw error;
  }
}

async function rollBack(connection: Connection, timeoutMs: number): Promise<void> {
  try {
    await withDeadline(timeoutMs, connection.sql.unsafe('rollback'), toHung);
  } catch {
    // Postgres rolls back by itself when the connection is gone; what failed before is the error to tell.
    connection.destroy();
  }
}
