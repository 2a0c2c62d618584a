import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { decodeJwt } from 'jose';
import type { DatabaseClient } from '../../db/client.ts';
import { createFunction } from '../../lib/http/function.ts';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import type { Permits } from './permits.ts';
import type { Background } from './background.ts';
import { createHost, type ServiceFactories } from './host.ts';

const variables = {
  NODE_ENV: 'development',
  PUBLIC_URL: 'https://api.example.com',
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  DATABASE_URL: 'postgres://127.0.0.1:9/nowhere',
};

const app = createFunction('outbox').post('/wake', (c) => {
  c.env.outbox.wake();
  return c.body(null, 204);
});

/** A database that nobody asks anything. */
const unused: DatabaseClient = {
  sql: () => Promise.resolve([]),
  transaction: () => Promise.reject(new Error('not asked for')),
  ping: () => Promise.resolve(),
  pool: () => ({ max: 1, busy: 0, idle: 0, waiting: 0 }),
  close: () => Promise.resolve(),
};

const wake = (host: ReturnType<typeof createHost>, background: Background) =>
  host.answer(new Request('https://api.example.com/wake', { method: 'POST' }), variables, {
    peerAddress: '192.0.2.1',
    background,
  });

function readLog(t: TestContext): () => readonly Record<string, unknown>[] {
  const written = t.mock.method(globalThis.console, 'log', () => undefined);
  return () => written.mock.calls.map(({ arguments: [line] }) => JSON.parse(String(line)));
}

test('each request that writes an email has it delivered in its own background, not in that of the first', async () => {
  const deliveries: (() => void)[] = [];
  const deliver = () =>
    new Promise<{ sent: number; failed: number; dead: number }>((resolve) => {
      deliveries.push(() => resolve({ sent: 1, failed: 0, dead: 0 }));
    });
  const parts: ServiceFactories = {
    createDatabaseClient: () => unused,
    createOutbox: () => (background) => ({ deliver, wake: () => background(deliver()) }),
  };
  const host = createHost(app, parts, { connections: 2, providesClientAddress: true });
  for (const nth of [1, 2]) {
    const pending: Promise<unknown>[] = [];
    const response = await wake(host, (work) => void pending.push(work));
    assert.equal(response.status, 204);
    assert.equal(pending.length, 1, `request ${nth}`);
    deliveries[nth - 1]?.();
    await Promise.all(pending);
  }
});

test('background work that fails is in the log, and breaks nothing that a platform waits for', async (t) => {
  const log = readLog(t);
  const parts: ServiceFactories = {
    createDatabaseClient: () => ({ ...unused, close: () => Promise.reject(new Error('the socket is gone')) }),
    createOutbox: () => (background) => ({
      deliver: () => Promise.reject(new Error('no delivery')),
      wake: () => background(Promise.reject(new Error('no delivery'))),
    }),
  };
  // As on Workers: what was opened for a request is closed behind its answer.
  const permits: Permits = { database: (client) => client, passwords: (hasher) => hasher };
  const host = createHost(app, parts, {
    connections: 2,
    providesClientAddress: true,
    permits,
    opensForEachRequest: true,
  });
  const pending: Promise<unknown>[] = [];
  await wake(host, (work) => void pending.push(work));
  await Promise.all(pending);
  const failures = log().filter(({ message }) => message === 'background work failed');
  assert.deepEqual(
    failures.map(({ level, cause }) => [level, String(cause).match(/no delivery|the socket is gone/)?.[0]]),
    [
      ['error', 'no delivery'],
      ['error', 'the socket is gone'],
    ],
  );
});

test('tokens are for PUBLIC_URL, and for those in AUDIENCE besides', async () => {
  const signing = createFunction('keys').get('/token', async (c) => {
    const [sub, sid] = ['01890a5d-ac96-774b-bcce-b302099a8057', '01890a5d-ac96-774b-bcce-b302099a8058'];
    return c.text(await c.env.keys.sign({ sub, sid, auth_time: 1, amr: ['pwd'], as_of: 1 }));
  });
  const JWT_PRIVATE_KEYS = JSON.stringify({ keys: [await createPrivateKey('ES256')] });
  const audienceOf = async (more: Readonly<Record<string, string>>) => {
    const host = createHost(signing, { createJwtKeys }, { connections: 2, providesClientAddress: true });
    const response = await host.answer(
      new Request('https://api.example.com/token'),
      { ...variables, JWT_PRIVATE_KEYS, ...more },
      { peerAddress: '192.0.2.1', background: () => undefined },
    );
    return decodeJwt(await response.text()).aud;
  };
  assert.equal(await audienceOf({}), 'https://api.example.com');
  assert.deepEqual(await audienceOf({ AUDIENCE: 'https://billing.example.com,reports' }), [
    'https://api.example.com',
    'https://billing.example.com',
    'reports',
  ]);
});

test('keys that are no use are told of once by what is wrong with them', async (t) => {
  const log = readLog(t);
  const key = await createPrivateKey('ES256');
  const host = createHost(
    createFunction('keys').get('/token', (c) => c.body(null, 204)),
    { createJwtKeys },
    { connections: 2, providesClientAddress: true },
  );
  for (let nth = 0; nth < 2; nth++) {
    const { status } = await host.answer(
      new Request('https://api.example.com/token'),
      { ...variables, JWT_PRIVATE_KEYS: JSON.stringify({ keys: [key, key] }) },
      { peerAddress: '192.0.2.1', background: () => undefined },
    );
    assert.equal(status, 500);
  }
  assert.deepEqual(
    log().map(({ message, faults }) => [message, faults]),
    [['misconfigured', 'JWT_PRIVATE_KEYS: two keys have the same kid']],
  );
});

test('a start that fails for no fault of the environment is in the log with its cause, and blames no variable', async (t) => {
  const log = readLog(t);
  const createDatabaseClient = () => {
    throw new Error('no sockets here');
  };
  const host = createHost(app, { createDatabaseClient }, { connections: 2, providesClientAddress: true });
  const response = await wake(host, () => undefined);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /misconfigured|sockets/);
  const [line] = log();
  assert.equal(line?.['message'], 'the start failed');
  assert.match(String(line['cause']), /no sockets here/);
});

test('a deployment that writes emails and can send none says so once, by the name of what is missing', async (t) => {
  const log = readLog(t);
  const deliver = () => Promise.resolve({ sent: 0, failed: 0, dead: 0 });
  const parts: ServiceFactories = {
    createDatabaseClient: () => unused,
    createOutbox: () => () => ({ deliver, wake: () => undefined }),
  };
  const host = createHost(app, parts, { connections: 2, providesClientAddress: true });
  await wake(host, () => undefined);
  await wake(host, () => undefined);
  const told = log().filter(({ message }) => message === 'emails are not sent here');
  assert.deepEqual(
    told.map(({ level, cause }) => [level, cause]),
    [['warn', 'RESEND_API_KEY is not set: they wait until another host on this database sends them']],
  );
});
