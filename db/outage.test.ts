/**
 * What a client says and does while Postgres is away, hangs or refuses.
 * Long because each way to be away is a case of its own.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { makeCertificate } from '../test/support/certificate.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { startTestPostgres } from '../test/support/postgres.ts';
import { createDatabaseClient, type DatabaseClient } from './client.ts';
import { migrate } from './migrate.ts';
import { findOutage, isOutage, Outage } from './outage.ts';

const dataDir = await makeTemporaryFolder();

async function start(t: TestContext) {
  const server = await startTestPostgres({ dataDir });
  t.after(() => server.stop());
  return server;
}

/** With what a ping looks for. */
async function startMigrated(t: TestContext) {
  const server = await start(t);
  await migrate(server.url, new URL('migrations/', import.meta.url));
  return server;
}

function open(t: TestContext, url: string): DatabaseClient {
  const client = createDatabaseClient({ url, deadlineMs: 500 });
  t.after(() => client.close());
  return client;
}

/** Twice as many calls as connections, of both kinds; each has to be refused at its deadline: without one they would wait for half a minute. */
async function assertRefused({ sql, transaction }: DatabaseClient): Promise<void> {
  const calls = Array.from({ length: 10 }, () => [sql`select 1`, transaction((sql) => sql`select 1`)]).flat();
  const start = performance.now();
  for (const outcome of await Promise.allSettled(calls)) {
    assert.ok(outcome.status === 'rejected');
    assert.ok(outcome.reason instanceof Outage, String(outcome.reason));
  }
  assert.ok(performance.now() - start < 10_000);
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
  const server = await startMigrated(t);
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
  const { url } = await startMigrated(t);
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

/** A client, and what it says of an outage. */
function openTold(t: TestContext, url: string) {
  const told: Readonly<Record<string, string>>[] = [];
  const log = {
    warn: (message: string, fields: Readonly<Record<string, string>>) =>
      void told.push({ message, ...fields }),
  };
  const client = createDatabaseClient({ url, deadlineMs: 500, log });
  t.after(() => client.close());
  return { ...client, told };
}

/** Refused as an outage, and told why: once, however many calls there are, and by the ping as well. */
async function assertTold({ sql, ping, told }: ReturnType<typeof openTold>, code: string, cause: RegExp) {
  const outcomes = await Promise.allSettled([sql`select 1`, sql`select 1`]);
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected');
    assert.ok(outcome.reason instanceof Outage, String(outcome.reason));
    assert.equal(outcome.reason.code, code);
  }
  assert.equal(told.length, 1);
  assert.equal(told[0]?.['message'], 'postgres is unavailable');
  assert.equal(told[0]['code'], code);
  assert.match(told[0]['cause'] ?? '', cause);
  await assert.rejects(ping(), cause);
}

test('why Postgres can not be reached is told: nothing listens', async (t) => {
  await assertTold(
    openTold(t, 'postgres://blockbot@127.0.0.1:1/blockbot'),
    'ECONNREFUSED',
    /ECONNREFUSED 127\.0\.0\.1:1/,
  );
});

test('why Postgres can not be reached is told: no such host', async (t) => {
  await assertTold(
    openTold(t, 'postgres://blockbot@postgres.invalid/blockbot'),
    'ENOTFOUND',
    /postgres\.invalid/,
  );
});

test('why Postgres can not be reached is told: a server without TLS, no such database, a wrong password', async (t) => {
  const { url } = await start(t);
  const to = (change: (url: URL) => void) => {
    const changed = new URL(url);
    change(changed);
    return openTold(t, changed.href);
  };
  await assertTold(
    to((url) => url.searchParams.set('sslmode', 'require')),
    'TLS_REFUSED',
    /speaks no TLS/,
  );
  await assertTold(
    to((url) => (url.pathname = '/nowhere')),
    '3D000',
    /"nowhere" does not exist/,
  );
  await assertTold(
    to((url) => (url.password = 'wrong-secret')),
    '28P01',
    /password authentication failed for user "\w+"$/,
  );
});

test('a certificate that is not trusted is an outage like any other, and told', async (t) => {
  const { key, cert } = await makeCertificate('localhost');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => undefined).resume();
    });
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = `postgres://blockbot@127.0.0.1:${port}/blockbot?sslmode=verify-full`;
  await assertTold(openTold(t, address), 'DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed certificate/);
});

test('a database that can only be read is told by the ping, and by what writes', async (t) => {
  const { url } = await startMigrated(t);
  const { sql, ping, told } = openTold(t, url);
  const owner = open(t, url);
  await ping();
  await owner.sql`alter database blockbot set default_transaction_read_only = on`;
  const reading = openTold(t, url);
  await assert.rejects(reading.ping(), /can only be read/);
  await assert.rejects(reading.sql`create table lost ()`, Outage);
  assert.deepEqual(
    reading.told.map(({ code }) => code),
    ['25006'],
  );
  assert.deepEqual(await sql`select 1 as one`, [{ one: 1 }]);
  assert.deepEqual(told, []);
});

for (const [code, outage] of [
  ['ECONNREFUSED', true],
  ['EAI_AGAIN', true],
  ['CONNECTION_CLOSED', true],
  ['CONNECT_TIMEOUT', true],
  ['08006', true],
  ['25006', true],
  ['40001', true],
  ['40P01', true],
  ['53100', true],
  ['53200', true],
  ['53300', true],
  ['53400', true],
  ['57014', true],
  ['57P01', true],
  ['57P03', true],
  ['58000', true],
  ['58030', true],
  ['23505', false],
  ['40002', false],
  ['40003', false],
  ['54001', false],
  ['42P01', false],
  ['28P01', false],
  ['ERR_INVALID_ARG_TYPE', false],
  ['UNDEFINED_VALUE', false],
] as const) {
  test(`an error with the code ${code} ${outage ? 'says that Postgres is away' : 'is about the statement'}`, () => {
    const error = Object.assign(new Error('failed'), { code });
    assert.equal(isOutage(error), outage);
    const found = findOutage(error);
    if (!outage) {
      assert.equal(found, undefined);
      return;
    }
    assert.ok(found && Symbol.for('blockbot.outage') in found);
    assert.deepEqual([found.code, found.message, found.cause], [code, 'failed', error]);
    assert.equal(findOutage(found), found);
  });
}
