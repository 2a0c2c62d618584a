/** Databases for tests, on the server that `npm test` starts. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { migrate } from '../../db/migrate.ts';

const migrations = new URL('../../db/migrations/', import.meta.url);
const lockKey = 7307;

export interface TestDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/**
 * A database of your own with every migration applied, in some 30 ms: a copy of a template that is made once.
 *
 * @example
 * const database = await createTestDatabase();
 * after(() => database.drop());
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) throw new Error('This test needs a database: run it with npm test -- <part of its file name>');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = await prepareTemplate(server);
  await administrate(server, (sql) => sql`create database ${sql(name)} template ${sql(template)}`);
  return {
    url: toUrl(server, name),
    drop: async () => {
      await administrate(server, (sql) => sql`drop database ${sql(name)} with (force)`);
    },
  };
}

/** Its name tells which migrations are in it. It takes that name when it's whole, however often that was interrupted. */
async function prepareTemplate(server: string): Promise<string> {
  const journal = await readFile(new URL('meta/_journal.json', migrations));
  const name = `template_${createHash('sha256').update(journal).digest('hex').slice(0, 16)}`;
  await administrate(server, async (sql) => {
    await sql`select pg_advisory_lock(${lockKey})`;
    const found = await sql`select from pg_database where datname = ${name}`;
    if (found.length > 0) return;
    const draft = `draft_${randomBytes(8).toString('hex')}`;
    await sql`create database ${sql(draft)}`;
    await migrate(toUrl(server, draft), migrations);
    await sql`alter database ${sql(draft)} rename to ${sql(name)}`;
  });
  return name;
}

async function administrate(server: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  // One connection: the advisory lock goes with it.
  const sql = postgres(server, { max: 1, fetch_types: false, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

function toUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
