import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { startTestPostgres } from '../test/support/postgres.ts';
import { createDatabaseClient, type DatabaseClient } from './client.ts';
import { isOutage, Outage, wrapOutage } from './outage.ts';

const dataDir = await makeTemporaryFolder();

async function start(t: TestContext) {
  const server = await startTestPostgres({ dataDir });
  t.after(() => server.stop());
  return server;
}

function open(t: TestContext, url: string): DatabaseClient {
  const client = createDatabaseClient({ url, deadlineMs: 500 });
  t.after(() => client.close());
  return client;
}

/** Twice as many calls as connections, of both kinds; each has to be refused at its deadline (twice that, on a busy machine). */
async function assertRefused({ sql, transaction }: DatabaseClient): Promise<void> {
  const calls = Array.from({ length: 10 }, () => [sql`select 1`, transaction((sql) => sql`select 1`)]).flat();
  const start = performance.now();
  for (const outcome of await Promise.allSettled(calls)) {
    assert.ok(outcome.status === 'rejected');
    assert.ok(outcome.reason instanceof Outage, String(outcome.reason));
  }
  assert.ok(performance.now() - start < 1000);
}

/** Waits by asking, because it's the server that takes its time to see that a client has gone. */
async function awaitConnections({ sql }: DatabaseClient, expected: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ count: number }>`select count(*)::integer as count from pg_stat_activity
      where application_name = 'blockbot'`;
    if (row?.count === expected) return;
  }
}

/** Every process of the server, without which it accepts connections (the kernel does) and never answers. */
async function freeze({ sql }: DatabaseClient): Promise<() => void> {
  const postmaster = Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
  const rows = await sql<{ pid: number }>`
    select pid from pg_stat_activity where backend_type <> 'autovacuum worker'`;
  const pids = [postmaster, ...rows.map(({ pid }) => pid)];
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
}

function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

test('while nothing listens, calls are refused in time', async (t) => {
  await assertRefused(open(t, 'postgres://blockbot@127.0.0.1:1/blockbot'));
});

test('a name that can not be resolved is an outage like any other', async (t) => {
  await assertRefused(open(t, 'postgres://blockbot@postgres.invalid/blockbot'));
});

test('a server that accepts and never answers is given up in time, and no connection is left to it', async (t) => {
  const server = createServer((socket) => void socket.on('error', () => undefined).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = open(t, `postgres://blockbot@127.0.0.1:${(server.address() as AddressInfo).port}/blockbot`);
  await assertRefused(client);
  assert.deepEqual(client.pool(), { max: 10, busy: 0, idle: 0, waiting: 0 });
  // The server closes when its last connection has ended, however long that takes.
  server.close();
  await once(server, 'close');
});

test('when Postgres is stopped and started again, the next call finds it', async (t) => {
  const server = await start(t);
  const client = open(t, server.url);
  await client.ping();
  await server.stop();
  await assertRefused(client);
  const again = await start(t);
  assert.equal(again.url, server.url);
  await client.ping();
  await awaitConnections(client, 1);
});

test('when Postgres hangs calls are refused in time and no socket waits; once it goes on they are answered', async (t) => {
  const { url } = await start(t);
  const client = open(t, url);
  await Promise.all(Array.from({ length: 10 }, () => client.sql`select pg_sleep(0.05)`));
  const thaw = await freeze(client);
  try {
    await assertRefused(client);
    await assertRefused(client);
    // A socket that was closed politely would wait for the server to agree.
    const end = performance.now() + 1000;
    while (countSockets() > 0 && performance.now() < end) await setImmediate();
    assert.equal(countSockets(), 0);
  } finally {
    thaw();
  }
  // It first has to go through all those who called meanwhile.
  while (await client.ping().catch(isOutage));
  await awaitConnections(client, 1);
});

for (const [code, outage] of [
  ['ECONNREFUSED', true],
  ['EAI_AGAIN', true],
  ['CONNECTION_CLOSED', true],
  ['CONNECT_TIMEOUT', true],
  ['08006', true],
  ['25006', true],
  ['53300', true],
  ['57014', true],
  ['57P01', true],
  ['57P03', true],
  ['23505', false],
  ['40001', false],
  ['42P01', false],
  ['28P01', false],
  ['ERR_INVALID_ARG_TYPE', false],
  ['UNDEFINED_VALUE', false],
] as const) {
  test(`an error with the code ${code} ${outage ? 'says that Postgres is away' : 'is about the statement'}`, () => {
    const error = Object.assign(new Error('failed'), { code });
    assert.equal(isOutage(error), outage);
    const thrown = wrapOutage(error);
    if (!outage) {
      assert.equal(thrown, error);
      return;
    }
    assert.ok(thrown instanceof Outage && Symbol.for('blockbot.outage') in thrown);
    assert.deepEqual([thrown.code, thrown.message, thrown.cause], [code, 'failed', error]);
    assert.equal(wrapOutage(thrown), thrown);
  });
}
