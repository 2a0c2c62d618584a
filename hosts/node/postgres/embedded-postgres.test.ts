import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { makeTemporaryFolder } from '../../../test/support/folder.ts';
import { startTestPostgres, testBinaries } from '../../../test/support/postgres.ts';
import { DataDirInUse, openEmbeddedPostgres } from './embedded-postgres.ts';
import { isRunning } from './process.ts';

const owner = fileURLToPath(new URL('../../../test/support/postgres-owner.ts', import.meta.url));

/** Most tests take the cluster that the one before has stopped: making one is what takes long. */
const sharedDir = await makeTemporaryFolder();

async function query(url: string, statement: string): Promise<readonly postgres.Row[]> {
  const sql = postgres(url, { max: 1, fetch_types: false });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

async function start(t: TestContext, dataDir: string, onExit?: (error: Error) => void) {
  const server = await startTestPostgres({ dataDir, ...(onExit && { onExit }) });
  t.after(() => server.stop());
  return server;
}

/** Another process that owns the cluster; answers it and its first line. */
async function startOwner(t: TestContext, dataDir: string, env?: NodeJS.ProcessEnv) {
  const binaries = testBinaries ? [testBinaries] : [];
  const child = spawn(process.execPath, ['--import', 'tsx', owner, dataDir, ...binaries], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    ...(env && { env }),
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, line: String(line) };
}

async function kill(child: ChildProcess, send: () => unknown): Promise<void> {
  const exit = once(child, 'exit');
  send();
  await exit;
}

async function readPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
}

async function killServer(t: TestContext, dataDir: string): Promise<Error> {
  const exits = new EventEmitter();
  const exit = once(exits, 'exit');
  await start(t, dataDir, (error) => exits.emit('exit', error));
  process.kill(await readPid(dataDir), 'SIGKILL');
  // Of itself, an embedded server keeps no process waiting.
  const wait = setInterval(() => undefined, 1000);
  const [error] = await exit;
  clearInterval(wait);
  return error;
}

test('a fresh folder gets a cluster with a UTF-8 database named blockbot, behind a password', async (t) => {
  const dataDir = await makeTemporaryFolder();
  const server = await start(t, dataDir);
  assert.equal(server.created, true);
  assert.equal(server.adopted, false);
  const [row] = await query(
    server.url,
    `select current_database() as name, current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
      current_setting('listen_addresses') as address, current_setting('unix_socket_directories') as sockets`,
  );
  assert.deepEqual(row, {
    name: 'blockbot',
    encoding: 'UTF8',
    fsync: 'on',
    address: '127.0.0.1',
    sockets: '',
  });
  const url = new URL(server.url);
  assert.equal((await stat(join(dataDir, 'postgres-password'))).mode & 0o777, 0o600);
  url.password = 'wrong';
  await assert.rejects(query(url.href, 'select 1'), { code: '28P01' });
});

test('stopping leaves no process, and the next start finds the data on the same port', async (t) => {
  const first = await start(t, sharedDir);
  await query(first.url, 'create table kept as select 42 as answer');
  const pid = await readPid(sharedDir);
  await first.stop();
  assert.equal(isRunning(pid), false);
  const second = await start(t, sharedDir);
  assert.equal(second.created, false);
  assert.equal(second.adopted, false);
  assert.equal(second.url, first.url);
  assert.deepEqual(await query(second.url, 'select answer from kept'), [{ answer: 42 }]);
});

for (const [how, end] of [
  ['is killed', (pid: number) => process.kill(pid, 'SIGKILL')],
  ['is ended by Ctrl-C together with its process group', (pid: number) => process.kill(-pid, 'SIGINT')],
] as const) {
  test(`when the owner ${how}, the next start takes over the running server and stops it in the end`, async (t) => {
    const { child, line } = await startOwner(t, sharedDir);
    const pid = await readPid(sharedDir);
    await kill(child, () => end(child.pid ?? 0));
    const server = await start(t, sharedDir);
    assert.equal(server.adopted, true);
    assert.equal(server.url, line);
    assert.equal(await readPid(sharedDir), pid);
    await server.stop();
    assert.equal(isRunning(pid), false);
  });
}

test('when the server is killed its owner is told, and the next start gets over the file that it left', async (t) => {
  const error = await killServer(t, sharedDir);
  assert.match(error.message, /^The embedded Postgres \(process \d+\) has ended, see .+postgres\.log$/);
  const server = await start(t, sharedDir);
  assert.equal(server.adopted, false);
  assert.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }]);
});

test('a process id that was given to another program since is not taken for the server', async (t) => {
  await killServer(t, sharedDir);
  const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  t.after(() => stranger.kill());
  const file = join(sharedDir, 'postgres', 'postmaster.pid');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^\d+/, String(stranger.pid)));
  const server = await start(t, sharedDir);
  assert.equal(server.adopted, false);
});

test('when one session crashes Postgres restarts itself, and the owner stays the owner', async (t) => {
  const exits: Error[] = [];
  const { url } = await start(t, sharedDir, (error) => exits.push(error));
  const findLock = () => query(url, "select pid from pg_locks where locktype = 'advisory' and granted");
  const [before] = await findLock();
  assert.ok(before);
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => undefined });
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  assert.ok(backend);
  const lost = sql`select pg_sleep(60)`.execute();
  process.kill(backend.pid, 'SIGKILL');
  await assert.rejects(lost);
  await sql.end({ timeout: 0 });
  for (let lock; !lock || lock['pid'] === before['pid']; [lock] = await findLock().catch(() => []));
  await assert.rejects(startTestPostgres({ dataDir: sharedDir }), DataDirInUse);
  assert.deepEqual(exits, []);
});

test('a second start is refused in one line that names the folder and the process', async (t) => {
  await start(t, sharedDir);
  const message = `${sharedDir} is in use by process ${process.pid}: stop it, or set DATA_DIR to another folder`;
  await assert.rejects(startTestPostgres({ dataDir: sharedDir }), (error) => {
    assert.ok(error instanceof DataDirInUse);
    assert.equal(error.message, message);
    return true;
  });
  const { child, line } = await startOwner(t, sharedDir);
  assert.equal(line, message);
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.exitCode, 1);
});

test('of several starts at the same moment exactly one wins', async (t) => {
  const dataDir = await makeTemporaryFolder();
  const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => start(t, dataDir)));
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refusals.length, 2);
  for (const { reason } of refusals) assert.ok(reason instanceof DataDirInUse, String(reason));
});

test('a folder whose name has a space and which is closed to others is fine', async (t) => {
  const closed = join(await makeTemporaryFolder(), 'closed to others');
  await mkdir(closed);
  await chmod(closed, 0o700);
  const server = await start(t, join(closed, 'data dir'));
  assert.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }]);
  assert.equal((await stat(closed)).mode & 0o777, 0o700);
});

test('a start that was killed while it made the cluster does not disturb the next one', async (t) => {
  const dataDir = await makeTemporaryFolder();
  const events = watch(dataDir);
  t.after(() => events.close());
  const drafted = new Promise<void>((resolve) => {
    events.on('change', (_, name) => {
      if (String(name).startsWith('postgres.new-')) resolve();
    });
  });
  const child = spawn(process.execPath, ['--import', 'tsx', owner, dataDir], { stdio: 'ignore' });
  await drafted;
  await kill(child, () => child.kill('SIGKILL'));
  const server = await start(t, dataDir);
  assert.equal(server.created, true);
  assert.deepEqual((await readdir(dataDir)).sort(), ['postgres', 'postgres-password', 'postgres.log']);
});

test('a script uses the server of another owner, and leaves it running', async (t) => {
  const server = await start(t, sharedDir);
  const script = await openEmbeddedPostgres({ dataDir: sharedDir });
  assert.equal(script.url, server.url);
  await script.close();
  assert.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }]);
});

test('a script that finds no server starts one, and stops it in the end', async (t) => {
  await (await start(t, sharedDir)).stop();
  const script = await openEmbeddedPostgres({
    dataDir: sharedDir,
    ...(testBinaries && { binaries: testBinaries }),
  });
  assert.deepEqual(await query(script.url, 'select 1 as one'), [{ one: 1 }]);
  await script.close();
  await assert.rejects(readPid(sharedDir), { code: 'ENOENT' });
});

test('a log that has grown large is emptied by the next start', async (t) => {
  const log = join(sharedDir, 'postgres.log');
  await writeFile(log, 'old');
  await truncate(log, 10_000_001);
  await start(t, sharedDir);
  assert.ok((await stat(log)).size < 10_000);
});

test('a password that does not fit the cluster is told in one line, and no server stays behind', async (t) => {
  await (await start(t, sharedDir)).stop();
  const file = join(sharedDir, 'postgres-password');
  const password = await readFile(file, 'utf8');
  t.after(() => writeFile(file, password));
  await writeFile(file, 'another');
  await assert.rejects(start(t, sharedDir), /postgres-password is not the password of .+: restore it/);
  await assert.rejects(readPid(sharedDir), { code: 'ENOENT' });
});

test('without setpriv, root is told what to do', { skip: process.getuid?.() !== 0 }, async (t) => {
  const { line } = await startOwner(t, sharedDir, { PATH: '/nowhere' });
  assert.match(line, /^Postgres refuses to run as root, and setpriv .+ set DATABASE_URL$/);
});
