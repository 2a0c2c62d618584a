/** A database that knows how long it was waited for. */
import type { Database, Sql } from '../../db/sql.ts';

export interface TimedDatabase extends Database {
  /** Milliseconds since the last call. */
  readonly takeMs: () => number;
}

export function timeDatabase({ sql, transaction }: Database): TimedDatabase {
  let spentMs = 0;
  async function time<Result>(work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      spentMs += performance.now() - startedAt;
    }
  }
  const timedSql: Sql = (strings, ...values) => time(() => sql(strings, ...values));
  return {
    sql: timedSql,
    transaction: (work) => time(() => transaction(work)),
    takeMs: () => {
      const taken = spentMs;
      spentMs = 0;
      return taken;
    },
  };
}
