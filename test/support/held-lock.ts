/** Locks of the database that a test holds, and who waits for one: so that two requests meet where the test wants them to. */
import { setImmediate } from 'node:timers/promises';
import type { Database, Sql } from '../../db/sql.ts';

/**
 * Has a transaction take locks, and leaves it open.
 *
 * @returns lets go of them, and resolves when they are free
 */
export async function holdLock(
  { transaction }: Pick<Database, 'transaction'>,
  take: (sql: Sql) => Promise<unknown>,
): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let hold = () => {};
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  const holder = transaction(async (sql) => {
    await take(sql);
    hold();
    await released;
  });
  await Promise.race([held, holder]);
  return async () => {
    release();
    await holder;
  };
}

/** Until so many of this database wait for a lock. */
export async function untilWaiting({ sql }: Pick<Database, 'sql'>, count: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    if (row && row.count >= count) return;
    await setImmediate();
  }
}
