/** How many emails are not sent, of the whole deployment, for whoever measures. */
import type { Sql } from '../../db/sql.ts';

export interface OutboxBacklog {
  readonly waiting: number;
  /** Given up. */
  readonly dead: number;
  /** Age of the oldest that waits, in seconds. */
  readonly oldest: number;
}

/** Who asks while another does shares one statement. Undefined while Postgres is away. */
export function createOutboxBacklog(sql: Sql): () => Promise<OutboxBacklog | undefined> {
  let asked: Promise<OutboxBacklog | undefined> | undefined;

  return () =>
    (asked ??= sql<OutboxBacklog>`
      select count(*) filter (where dead_at is null)::int as waiting, count(dead_at)::int as dead,
        coalesce(extract(epoch from now() - min(created_at) filter (where dead_at is null)), 0)::float8 as oldest
      from outbox where sent_at is null`
      .then(
        ([row]) => row,
        () => undefined,
      )
      .finally(() => (asked = undefined)));
}
