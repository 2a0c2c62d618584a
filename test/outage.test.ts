/** Postgres goes away under the running router, and comes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import postgres from 'postgres';
import { level } from '../db/server-state.ts';
import { createPrivateKey } from '../lib/security/jwt.ts';
import { expectJson, expectProblem } from './support/responses.ts';
import { createTestDatabase } from './support/database.ts';
import { fetch } from './support/documented.ts';
import { expectRefusal, type RouterProcess, startRouter } from './support/router-process.ts';
import { startTcpRelay } from './support/tcp-relay.ts';

const healthToken = 'a token of this test, long enough for all';

/** Why the database is away, as health tells those who know its token. */
async function readCause(router: RouterProcess): Promise<string> {
  const headers = { Authorization: `Bearer ${healthToken}` };
  const { checks } = await expectJson<{ checks: Record<string, { output?: string }[]> }>(
    await fetch(`${router.url}/health`, { headers }),
    503,
  );
  return checks['postgres:responseTime']?.[0]?.output ?? '';
}

test('without Postgres the endpoints that need it say 503 within a second, the others go on, and all is well after', async () => {
  const database = await createTestDatabase();
  const relay = await startTcpRelay(database.url);
  const router = await startRouter({
    PUBLIC_URL: 'https://api.example.com',
    DATABASE_URL: relay.url,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a secret of this test that is long enough for all',
    HEALTH_TOKEN: healthToken,
  });
  const credentials = { email: 'ada@example.com', password: 'correct horse battery staple' };
  const post = (path: string, body: object) =>
    fetch(router.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { access_token, refresh_token } = await expectJson<{ access_token: string; refresh_token: string }>(
    await post('/v1/auth/register', credentials),
    201,
  );
  const ask = (path: string) =>
    fetch(router.url + path, { headers: { Authorization: `Bearer ${access_token}` } });

  await relay.cut();
  const startedAt = performance.now();
  const refused = await Promise.all([
    post('/v1/auth/login', credentials),
    post('/v1/auth/refresh', { refresh_token }),
    ask('/v1/me'),
    ask('/v1/sessions'),
  ]);
  // A busy machine takes longer than the deadline; without one it would be half a minute.
  assert.ok(performance.now() - startedAt < 10_000, 'the refusals took ten seconds or more');
  for (const response of refused) {
    await expectProblem(response, 'service-unavailable');
    assert.match(response.headers.get('retry-after') ?? '', /^\d+$/);
  }
  await expectJson(await fetch(`${router.url}/health/live`), 200);
  await expectJson(await fetch(`${router.url}/.well-known/jwks.json`), 200);
  // What health found is kept for a second, so the first answer after the cut may still be the one before it.
  const readiness = async (status: number) => {
    for (;;) {
      const response = await fetch(`${router.url}/health/ready`);
      if (response.status === status) return response;
      await response.arrayBuffer();
    }
  };
  await readiness(503);
  const health = await expectJson<{ status: string }>(await fetch(`${router.url}/health`), 503);
  assert.equal(health.status, 'fail');
  assert.doesNotMatch(JSON.stringify(health), /127\.0\.0\.1|ECONN|postgres:\/\//);
  assert.match(await readCause(router), /ECONNREFUSED/);
  await router.says(/"warn","message":"postgres is unavailable".*"cause":".*ECONNREFUSED/);

  await relay.mend();
  await readiness(200);
  await expectJson(await ask('/v1/me'), 200);
  await expectJson(await post('/v1/auth/refresh', { refresh_token }), 200);
  await expectJson(await post('/v1/auth/login', credentials), 200);
  assert.equal(await router.stop(), 0);
  assert.doesNotMatch(router.lines.join('\n'), /ada@|battery|bbrt_|eyJ/);
});

test('on a database that can only be read the router is not ready, and says why, from the start', async () => {
  const { url } = await createTestDatabase();
  const owner = postgres(url, { max: 1, fetch_types: false });
  await owner.unsafe(
    `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`,
  );
  await owner.end();
  const router = await startRouter({
    PUBLIC_URL: 'https://api.example.com',
    DATABASE_URL: url,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a secret of this test that is long enough for all',
    HEALTH_TOKEN: healthToken,
  });
  // The cause is told once a second: it is the ping's own, or Postgres's answer to the first statement that writes.
  await router.says(/"warn","message":"postgres is unavailable","code":"25006","cause":"/);
  await expectJson(await fetch(`${router.url}/health/ready`), 503);
  assert.match(await readCause(router), /can only be read/);
  assert.equal(await router.stop(), 0);
});

test('on a database that lacks a migration the router lives and is not ready, until it is applied', async () => {
  const { url } = await createTestDatabase();
  const owner = postgres(url, { max: 1, fetch_types: false });
  const migrations =
    await owner`delete from drizzle.__drizzle_migrations where id = 3 returning hash, created_at`;
  const router = await startRouter({
    PUBLIC_URL: 'https://api.example.com',
    DATABASE_URL: url,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a secret of this test that is long enough for all',
    HEALTH_TOKEN: healthToken,
  });
  await router.says(/"warn","message":"postgres is unavailable","code":"MIGRATIONS_MISSING","cause":"/);
  await expectJson(await fetch(`${router.url}/health/live`), 200);
  await expectJson(await fetch(`${router.url}/health/ready`), 503);
  assert.match(
    await readCause(router),
    new RegExp(`${level - 1} migrations are applied, and this release needs ${level}`),
  );
  await owner`insert into drizzle.__drizzle_migrations ${owner(migrations)}`;
  // An answer is kept for a second.
  let status = 503;
  for (const end = Date.now() + 5000; status !== 200 && Date.now() < end;)
    ({ status } = await fetch(`${router.url}/health/ready`));
  assert.equal(status, 200);
  await owner`drop schema drizzle cascade`;
  await owner.end();
  for (const end = Date.now() + 5000; status !== 503 && Date.now() < end;)
    ({ status } = await fetch(`${router.url}/health/ready`));
  assert.match(await readCause(router), /__drizzle_migrations/);
  assert.equal(await router.stop(), 0);
});

test('a connection string with an option that is not known is refused by its name at start', async () => {
  const { code, said } = await expectRefusal({
    DATABASE_URL: 'postgres://ada:secret@db.example.com/b?options=-csecret',
  });
  assert.equal(code, 78);
  assert.match(said, /DATABASE_URL: options is no option that is known here/);
  assert.doesNotMatch(said, /secret/);
});
