import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { test, type TestContext } from 'node:test';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as migrateByDrizzle } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { createTestDatabase } from '../test/support/database.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { migrate } from './migrate.ts';
import { level } from './server-state.ts';

interface Migration {
  readonly tag: string;
  readonly when: number;
  readonly text: string;
}

const first = {
  tag: '0000_first',
  when: 1000,
  text: 'create table first ();--> statement-breakpoint\nselect 1;',
};
const late = { tag: '0001_late', when: 1500, text: 'create table late ();' };
const second = { tag: '0002_second', when: 2000, text: 'create table second ();' };
const broken = { tag: '0003_broken', when: 3000, text: 'create table third (); create table first ();' };

async function openDatabase(t: TestContext) {
  const { url, drop } = await createTestDatabase();
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  t.after(async () => {
    await sql.end();
    await drop();
  });
  // Ours is migrated already; these tests have migrations of their own.
  await sql`drop schema drizzle cascade`;
  return { url, sql };
}

async function writeMigrations(migrations: readonly Migration[]): Promise<URL> {
  const folder = pathToFileURL(`${await makeTemporaryFolder()}/`);
  await mkdir(new URL('meta/', folder));
  for (const { tag, text } of migrations) await writeFile(new URL(`${tag}.sql`, folder), text);
  const entries = migrations.map(({ tag, when }, idx) => ({
    idx,
    version: '7',
    when,
    tag,
    breakpoints: true,
  }));
  const journal = { version: '7', dialect: 'postgresql', entries };
  await writeFile(new URL('meta/_journal.json', folder), JSON.stringify(journal));
  return folder;
}

test('migrate applies what is missing, names it, and does nothing the second time', async (t) => {
  const { url, sql } = await openDatabase(t);
  assert.deepEqual(await migrate(url, await writeMigrations([first])), ['0000_first']);
  const folder = await writeMigrations([first, second]);
  assert.deepEqual(await migrate(url, folder), ['0002_second']);
  assert.deepEqual(await migrate(url, folder), []);
  assert.deepEqual([...(await sql`select * from first, second`)], []);
});

test('a migration that was merged late is applied although a newer one was there before', async (t) => {
  const { url } = await openDatabase(t);
  await migrate(url, await writeMigrations([first, second]));
  assert.deepEqual(await migrate(url, await writeMigrations([first, late, second])), ['0001_late']);
});

test('two at once apply each migration once', async (t) => {
  const { url } = await openDatabase(t);
  const folder = await writeMigrations([first, second]);
  const applied = await Promise.all([migrate(url, folder), migrate(url, folder)]);
  assert.deepEqual(applied.flat(), ['0000_first', '0002_second']);
});

test('when one fails nothing of the whole stays, and the error names it', async (t) => {
  const { url, sql } = await openDatabase(t);
  await assert.rejects(migrate(url, await writeMigrations([first, broken])), {
    message: '0003_broken: relation "first" already exists',
  });
  assert.deepEqual(
    [...(await sql`select to_regclass('first') as first, to_regclass('third') as third`)],
    [{ first: null, third: null }],
  );
});

test('migrate and drizzle go on from where the other was', async (t) => {
  const { url, sql } = await openDatabase(t);
  const byDrizzle = async (folder: URL) =>
    migrateByDrizzle(drizzle(sql), { migrationsFolder: folder.pathname });
  await migrate(url, await writeMigrations([first]));
  await byDrizzle(await writeMigrations([first, second]));
  assert.deepEqual(await migrate(url, await writeMigrations([first, second])), []);
  assert.deepEqual(
    [...(await sql`select created_at from drizzle.__drizzle_migrations order by id`)],
    [{ created_at: '1000' }, { created_at: '2000' }],
  );
  const [row] =
    await sql`select count(distinct length(hash))::integer as lengths from drizzle.__drizzle_migrations`;
  assert.deepEqual(row, { lengths: 1 });
});

test('no migration drops a view, which the routers that run would lose their right to until it is granted anew', async () => {
  const folder = new URL('migrations/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'));
  // Those before there was a role of the router's own.
  const older = /^000[0-5]_/;
  for (const file of files.filter((name) => !older.test(name))) {
    assert.doesNotMatch(await readFile(new URL(file, folder), 'utf8'), /\bdrop (?:view|table)\b/i, file);
  }
});

test('the level that a router asks for is that of all migrations there are', async () => {
  const journal = await readFile(new URL('migrations/meta/_journal.json', import.meta.url), 'utf8');
  assert.equal(level, (JSON.parse(journal) as { entries: unknown[] }).entries.length);
});
