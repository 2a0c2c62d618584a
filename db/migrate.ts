/**
 * Applies the migrations that drizzle-kit generated, in its own bookkeeping (`drizzle.__drizzle_migrations`), so that
 * its tools agree with us about what was applied. drizzle-orm has a runner too: it takes no lock, compares with the
 * newest applied one only and thus skips a migration that was merged late.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openConnection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { toHung } from './outage.ts';

interface Applied {
  readonly when: string | null;
}

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[];
}

/** Of whoever changes the schema or its grants. Any number will do, as long as nothing else in this database locks it. */
export const lockKey = 7306;
export const connectTimeoutMs = 10_000;

/**
 * All that are missing, or none, in one transaction; answers their names. Two at once wait for each other.
 *
 * @param folder of the migrations, with a slash at its end; bundled code doesn't stand beside them, so the caller says.
 * @throws what Postgres says of a statement that fails, after the name of its migration.
 *
 * @example
 * const applied = await migrate(process.env.DATABASE_URL, new URL('../db/migrations/', import.meta.url));
 */
export async function migrate(url: string, folder: URL): Promise<readonly string[]> {
  const read = (name: string) => readFile(new URL(name, folder), 'utf8');
  const journal = JSON.parse(await read('meta/_journal.json')) as Journal;
  const { sql, begin, destroy } = openConnection(url);
  try {
    await withDeadline(connectTimeoutMs, begin(), toHung);
    await sql`select pg_advisory_xact_lock(${lockKey})`;
    // Behind a statement that waits for a lock on a table, every later one waits as well: rather fail than stand there.
    await sql`set local lock_timeout = '5s'`;
    await sql`create schema if not exists drizzle`;
    await sql`create table if not exists drizzle.__drizzle_migrations (
      id serial primary key, hash text not null, created_at bigint)`;
    const rows = await sql<Applied[]>`select created_at as when from drizzle.__drizzle_migrations`;
    const applied = new Set(rows.map(({ when }) => Number(when)));
    const missing = journal.entries.filter(({ when }) => !applied.has(when));
    for (const { tag, when } of missing) {
      const text = await read(`${tag}.sql`);
      await sql.unsafe(text).catch((cause: unknown) => {
        throw new Error(`${tag}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      });
      const hash = createHash('sha256').update(text).digest('hex');
      await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${when})`;
    }
    await sql.unsafe('commit');
    return missing.map(({ tag }) => tag);
  } finally {
    // Postgres rolls back what was not committed.
    destroy();
  }
}
