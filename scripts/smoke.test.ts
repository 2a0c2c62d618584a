import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createDatabaseClient } from '../db/client.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { startRouter } from '../test/support/router-process.ts';

const { url: databaseUrl } = await createTestDatabase();
const dataDir = await makeTemporaryFolder();

async function smoke(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/smoke.ts', ...args]);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

test('smoke finds a sound deployment sound, and leaves nothing behind unless it is told to write', async (t) => {
  const router = await startRouter({ DATABASE_URL: databaseUrl, DATA_DIR: dataDir });
  const database = createDatabaseClient({ url: databaseUrl });
  t.after(database.close);
  const countUsers = async () =>
    (await database.sql<{ n: number }>`select count(*)::int as n from users`)[0]?.n;

  const readOnly = await smoke(router.url);
  assert.match(readOnly.stdout, /^ok {3}health\/ready passes[^]*\n\d+ as promised, 0 not\n$/m);
  assert.equal(readOnly.status, 0, readOnly.stdout);
  const [{ n: events } = { n: -1 }] = await database.sql<{ n: number }>`
    select count(*)::int as n from audit_events`;
  assert.deepEqual([await countUsers(), events], [0, 0]);

  const writing = await smoke(router.url, '--write', 'ops@example.com');
  assert.match(writing.stdout, /^ok {3}invitations\/create invites, if/m);
  assert.match(writing.stdout, /^ok {3}me\/delete deletes the account$/m);
  assert.equal(writing.status, 0, writing.stdout);
  assert.equal(await countUsers(), 0);
  await router.stop();
});

test('where addresses must be verified, writing ends with an account that waits', async () => {
  const router = await startRouter({
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    REQUIRE_EMAIL_VERIFICATION: 'true',
  });
  const { status, stdout } = await smoke(router.url, '--write', 'ops@example.com');
  assert.equal(status, 0, stdout);
  await router.stop();
});

test('smoke tells what is not as promised, with the answer, and ends with 1', async (t) => {
  const server = createServer((_, answer) => answer.end('<h1>It works!</h1>')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { status, stdout } = await smoke(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  assert.match(stdout, /^fail health\/live passes.*\n {5}no content-type; answered 200[^]*It works!/m);
  assert.equal(status, 1);
});

test('smoke says in one line that nothing answers, and why, and ends with 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  await once(server, 'close');
  const { status, stdout, stderr } = await smoke(url);
  assert.deepEqual(
    { status, stdout, stderr },
    {
      status: 1,
      stdout: '',
      stderr: `Nothing answers at ${url} (ECONNREFUSED)\n`,
    },
  );
});

test('smoke wants one address, and a mailbox to write to', async () => {
  for (const args of [
    [],
    ['nonsense'],
    ['ftp://example.com'],
    ['http://a', 'http://b'],
    ['http://a', '--write', 'x'],
  ]) {
    const { status, stderr } = await smoke(...args);
    assert.equal(status, 2, args.join(' '));
    // The last argument is what is wrong in each of them.
    assert.ok(stderr.split('\n')[0]?.includes(args.at(-1) ?? 'URL'), stderr);
  }
});
