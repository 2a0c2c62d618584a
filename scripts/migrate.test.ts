import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { createTestDatabase } from '../test/support/database.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { startTestPostgres } from '../test/support/postgres.ts';

const script = fileURLToPath(new URL('migrate.ts', import.meta.url));

function run(env: Readonly<Record<string, string>>) {
  const inherited = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script], {
    env: { ...inherited, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('migrate says so when there is nothing to apply', async (t) => {
  const { url, drop } = await createTestDatabase();
  t.after(drop);
  assert.deepEqual(run({ DATABASE_URL: url }), { status: 0, stdout: 'nothing to apply\n', stderr: '' });
});

test('migrate reads the address from a file, as containers have their secrets', async (t) => {
  const { url, drop } = await createTestDatabase();
  t.after(drop);
  const file = join(await makeTemporaryFolder(), 'database_url');
  await writeFile(file, `${url}\n`);
  assert.equal(run({ DATABASE_URL_FILE: file, NODE_ENV: 'production' }).stdout, 'nothing to apply\n');
});

test('without DATABASE_URL, migrate names what it applied to the server that runs under DATA_DIR', async (t) => {
  const dataDir = await makeTemporaryFolder();
  const { stop } = await startTestPostgres({ dataDir });
  t.after(stop);
  const { status, stdout } = run({ DATA_DIR: dataDir });
  assert.match(stdout, /^(applied \d{4}_[\w-]+\n)+$/);
  assert.equal(status, 0);
});

test('migrate grants to the role that it is told of, and names the one that does not exist', async (t) => {
  const { url, drop } = await createTestDatabase();
  const sql = postgres(url, { max: 1 });
  const role = `app_${randomBytes(6).toString('hex')}`;
  await sql.unsafe(`create role ${role}`);
  t.after(async () => {
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
    await sql.end();
    await drop();
  });
  const { status, stdout } = run({ DATABASE_URL: url, DATABASE_APP_ROLE: role });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: `nothing to apply\ngranted to ${role}\n` });
  const missing = run({ DATABASE_URL: url, DATABASE_APP_ROLE: 'nobody' });
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^migrate: DATABASE_APP_ROLE: there is no role nobody/);
});

test('a database that is away is one line, which names where it was told of, and exit code 1', async () => {
  const url = 'postgres://127.0.0.1:1/blockbot';
  const stderr = 'migrate: DATABASE_URL: connect ECONNREFUSED 127.0.0.1:1\n';
  assert.deepEqual(run({ DATABASE_URL: url }), { status: 1, stdout: '', stderr });

  const file = join(await makeTemporaryFolder(), 'database_url');
  await writeFile(file, url);
  const byFile = run({ DATABASE_URL_FILE: file });
  assert.equal(byFile.stderr, 'migrate: DATABASE_URL_FILE: connect ECONNREFUSED 127.0.0.1:1\n');

  const embedded = run({ DATA_DIR: join(file, 'data') });
  assert.equal(embedded.status, 1);
  assert.ok(
    embedded.stderr.startsWith(
      `migrate: the embedded Postgres under ${file}/data (DATABASE_URL is not set): ENOTDIR`,
    ),
    embedded.stderr,
  );
});

test('in production there is no embedded database to fall back on', () => {
  const stderr = 'migrate: DATABASE_URL: required in production, where nothing is embedded\n';
  assert.deepEqual(run({ NODE_ENV: 'production' }), { status: 1, stdout: '', stderr });
  const misspelt = run({ NODE_ENV: 'prod', DATA_DIR: '/nowhere' });
  assert.match(misspelt.stderr, /^migrate: NODE_ENV: must be/);
});
