/** What `npm run bundle` makes, in the runtimes that it is made for, against a real Postgres. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import postgres from 'postgres';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { createTestDatabase } from '../support/database.ts';
import { fetch } from '../support/documented.ts';
import { startFakeResend } from '../support/fake-resend.ts';
import { makeBundles } from './bundles.ts';
import { withoutRuntime } from './executables.ts';
import { startArtefact } from './runtime.ts';

const database = await createTestDatabase();
after(database.drop);
const privateKey = await createPrivateKey('ES256');
const env = {
  NODE_ENV: 'development',
  LOG_LEVEL: 'warn',
  PUBLIC_URL: 'https://api.example.com',
  DATABASE_URL: database.url,
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  JWT_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
};
const password = 'correct horse battery staple';
const targets = ['--target', 'cloudflare', '--target', 'deno', '--target', 'bun', '--target', 'node'];
const [together, alone] = await Promise.all([makeBundles('--together', ...targets), makeBundles(...targets)]);

async function start(...args: Parameters<typeof startArtefact>) {
  const runtime = await startArtefact(...args);
  after(runtime.close);
  return runtime;
}

function post(url: string, body: object, address = '192.0.2.1'): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': address },
    body: JSON.stringify(body),
  });
}

async function expectStatus(response: Response, status: number): Promise<Record<string, unknown>> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

for (const name of ['cloudflare', 'deno', 'bun', 'node'] as const) {
  suite(`a bundle for ${name}`, { skip: withoutRuntime(name) }, () => {
    test('holds all functions together: an account from its first request to its last', async () => {
      const { url } = await start(name, join(together, name, 'all/index.mjs'), env);
      const email = `${name}@example.com`;
      await expectStatus(await post(`${url}/v1/auth/register`, { email, password }), 201);
      const tokens = await expectStatus(await post(`${url}/v1/auth/login`, { email, password }), 200);
      const headers = { Authorization: `Bearer ${String(tokens['access_token'])}` };
      await expectStatus(await fetch(`${url}/v1/me`, { headers }), 200);
      const { refresh_token } = tokens;
      await expectStatus(await post(`${url}/v1/auth/refresh`, { refresh_token }), 200);
      assert.equal((await fetch(`${url}/v1/sessions`, { method: 'DELETE', headers })).status, 204);
      assert.equal((await fetch(`${url}/health/ready`, { method: 'HEAD' })).status, 200);
      await expectStatus(await fetch(`${url}/nowhere`), 404);
    });

    test('sends the email that a request has written, behind its answer', async () => {
      const resend = await startFakeResend();
      const { url } = await start(name, join(alone, name, 'magic-links-request/index.mjs'), {
        ...env,
        RESEND_API_KEY: 're_test',
        RESEND_BASE_URL: resend.url,
        MAIL_FROM: 'no-reply@example.com',
      });
      const email = `email-${name}@example.com`;
      // What others wrote before would be sent along with it.
      const sql = postgres(database.url, { max: 1 });
      await sql`update outbox set sent_at = now() where sent_at is null`;
      await sql.end();
      await expectStatus(await post(`${url}/v1/auth/magic-link`, { email }), 202);
      await resend.arrived(1);
      assert.equal(resend.arrivals[0]?.to, email);
    });

    test('a function alone signs in whom another host registered by argon2id', async () => {
      const email = `argon2id-${name}@example.com`;
      const phc =
        '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$0RcRBSh2pBjsxZdxwuAQKCp8fsf8XFcdNJ0MpCf7nXQ';
      const { argon2id } = await import('../../hosts/node/argon2.ts');
      const hash = (await argon2id.verify(password, phc)) ? phc : await argon2id.hash(password);
      const sql = postgres(database.url, { max: 1 });
      await sql`insert into users ${sql({ id: crypto.randomUUID(), email, password_hash: hash })}`;
      await sql.end();
      const { url } = await start(name, join(alone, name, 'sessions-login/index.mjs'), env);
      await expectStatus(await post(`${url}/v1/auth/login`, { email, password }), 200);
      await expectStatus(await post(`${url}/v1/auth/login`, { email, password: 'not the one it is' }), 401);
    });

    test('a function that asks for no service needs no database and no keys', async () => {
      const { DATABASE_URL: _, JWT_PRIVATE_KEYS: __, ...less } = env;
      const { url } = await start(name, join(alone, name, 'health-live/index.mjs'), less);
      await expectStatus(await fetch(`${url}/health/live`), 200);
    });
  });
}

for (const name of ['cloudflare', 'deno', 'bun'] as const) {
  const title = 'answers 500 to everything when it is misconfigured, and its log names the faults once';
  test(`${name} ${title}`, { skip: withoutRuntime(name) }, async () => {
    const faulty = { NODE_ENV: 'production', PUBLIC_URL: 'nowhere', REDIS_URL: 'redis://localhost' };
    const runtime = await start(name, join(alone, name, 'sessions-login/index.mjs'), faulty);
    const problem = await expectStatus(await post(`${runtime.url}/v1/auth/login`, {}), 500);
    assert.match(String(problem['detail']), /misconfigured/);
    await runtime.stop();
    const lines = runtime.said().match(/"message":"misconfigured".*/g) ?? [];
    assert.equal(lines.length, 1, runtime.said());
    for (const fault of ['DATABASE_URL', 'TOKEN_SECRET', 'JWT_PRIVATE_KEYS', 'PUBLIC_URL', 'REDIS_URL']) {
      assert.match(lines[0] ?? '', new RegExp(`\\b${fault}: `));
    }
  });
}

for (const name of ['deno', 'bun', 'node'] as const) {
  const title = 'ends by itself on SIGTERM, after the requests that are under way';
  test(`${name} ${title}`, { skip: withoutRuntime(name) }, async () => {
    const runtime = await start(name, join(together, name, 'all/index.mjs'), {
      ...env,
      DRAIN_DELAY_MS: '0',
    });
    const email = `drain-${name}@example.com`;
    await expectStatus(await post(`${runtime.url}/v1/auth/register`, { email, password }), 201);
    // A row that is locked holds the request for as long as we like.
    const sql = postgres(database.url, { max: 1 });
    const [released, release] = makeSignal();
    const [locked, hold] = makeSignal();
    const lock = sql.begin(async (tx) => {
      await tx`select from users where email = ${email} for update`;
      hold();
      await released;
    });
    await locked;
    const answered = post(`${runtime.url}/v1/auth/login`, { email, password });
    await untilWaiting();
    const exited = runtime.stop();
    release();
    await lock;
    await sql.end();
    await expectStatus(await answered, 200);
    assert.equal(await exited, 0, runtime.said());
  });
}

function makeSignal(): [Promise<void>, () => void] {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return [given, give];
}

/** Until some statement waits for the lock: the request is under way. */
async function untilWaiting(): Promise<void> {
  const sql = postgres(database.url, { max: 1 });
  const waiting = () => sql`select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await waiting()).length === 0);
  await sql.end();
}
