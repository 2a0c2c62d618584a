/**
 * The router as its operator meets it: started, asked, misused and stopped as a process. Long because each case is a story
 * from start to exit code.
 */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { decodeJwt } from 'jose';
import { problems } from '../lib/core/problem.ts';
import { createPrivateKey } from '../lib/security/jwt.ts';
import { expectEmpty, expectJson, expectProblem } from './support/responses.ts';
import { createTestDatabase } from './support/database.ts';
import { fetch } from './support/documented.ts';
import { makeTemporaryFolder } from './support/folder.ts';
import { expectRefusal, type RouterProcess, startRouter } from './support/router-process.ts';

const { url: databaseUrl } = await createTestDatabase();
const dataDir = await makeTemporaryFolder();
const production = {
  NODE_ENV: 'production',
  RESEND_API_KEY: 're_nobody',
  RESEND_BASE_URL: 'http://127.0.0.1:9',
  MAIL_FROM: 'no-reply@example.com',
  PUBLIC_URL: 'https://api.example.com',
  DATABASE_URL: databaseUrl,
  // Nobody listens there: whatever is tested here holds while Redis is away.
  UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:9',
  UPSTASH_REDIS_REST_TOKEN: 'a token',
  JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  TRUSTED_PROXY_HOPS: '1',
  REQUIRE_EMAIL_VERIFICATION: 'false',
  LOG_LEVEL: 'debug',
  DRAIN_DELAY_MS: '0',
};

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('with nothing set it makes what it needs, a person registers and signs in, and it keeps them', async () => {
  const embedded = {
    DATA_DIR: join(dataDir, 'a folder'),
    PUBLIC_URL: 'http://localhost:3000',
    AUDIENCE: 'reports',
  };
  const credentials = { email: 'ada@example.com', password: 'correct horse battery staple' };
  const first = await startRouter(embedded);
  const registered = await post(`${first.url}/v1/auth/register`, credentials);
  const { access_token } = await expectJson<{ access_token: string }>(registered, 201);
  assert.deepEqual(decodeJwt(access_token).aud, ['http://localhost:3000', 'reports']);
  await expectJson(await fetch(`${first.url}/health`), 200);
  const greeting = first.lines.join('\n');
  assert.match(greeting, /made a Postgres of its own in .*a folder\/postgres/);
  assert.match(greeting, /curl -s .*\/v1\/auth\/register/);

  const second = await expectRefusal(embedded);
  assert.equal(second.code, 1);
  assert.match(second.said, /a folder is in use by process \d+/);

  assert.equal(await first.stop(), 0);
  const again = await startRouter(embedded);
  await expectJson(await post(`${again.url}/v1/auth/login`, credentials), 200);

  again.process.kill('SIGKILL');
  await again.exited;
  const afterKill = await startRouter(embedded);
  await expectJson(await post(`${afterKill.url}/v1/auth/login`, credentials), 200);
  assert.equal(await afterKill.stop(), 0);
});

test('keys of its own that were cut off are told of by their path, and no Postgres lives on', async () => {
  const folder = await makeTemporaryFolder();
  writeFileSync(join(folder, 'token-secret'), production.TOKEN_SECRET);
  writeFileSync(join(folder, 'jwt-private-keys.json'), production.JWT_PRIVATE_KEYS.slice(0, -1));
  const { code, said } = await expectRefusal({ DATA_DIR: folder });
  assert.equal(code, 78);
  assert.match(said, /^Blockbot can't start:\n {2}\S+\/jwt-private-keys\.json: must be a private JWK set/);
  assert.equal(existsSync(join(folder, 'postgres/PG_VERSION')), true);
  assert.equal(existsSync(join(folder, 'postgres/postmaster.pid')), false);
});

test('in production nothing is embedded, and every missing variable is named at once', async () => {
  const { code, said } = await expectRefusal({ NODE_ENV: 'production', DATA_DIR: dataDir, PORT: 'eighty' });
  assert.equal(code, 78);
  for (const name of [
    'PORT',
    'PUBLIC_URL',
    'DATABASE_URL',
    'REDIS_URL or REDIS_CLUSTER_URLS or UPSTASH_REDIS_REST_URL',
    'JWT_PRIVATE_KEYS',
    'TOKEN_SECRET',
    'TRUSTED_PROXY_HOPS',
  ]) {
    assert.match(said, new RegExp(`^  ${name}`, 'm'));
  }
  assert.doesNotMatch(said, /eighty/);
});

test('a NODE_ENV that is not one we know stops the start, and opens nothing that development opens', async () => {
  for (const mode of ['prod', 'Production', 'staging', 'production1']) {
    const { code, said } = await expectRefusal({ DATA_DIR: dataDir, NODE_ENV: mode });
    assert.equal(code, 78, mode);
    assert.equal(said, "Blockbot can't start:\n  NODE_ENV: must be production, development or test\n");
  }
  const { RESEND_API_KEY: _, ...mailless } = production;
  const { code, said } = await expectRefusal({ ...mailless, NODE_ENV: 'production\r' });
  assert.equal(code, 78);
  assert.match(said, /RESEND_API_KEY or SMTP_URL: required in production/);
});

test('a port that is taken is told in one line', async () => {
  const router = await startRouter(production);
  const { code, said } = await expectRefusal({ ...production, PORT: new URL(router.url).port });
  assert.equal(code, 1);
  assert.match(said, /^Blockbot can't start:\n {2}listen EADDRINUSE.*\n$/);
  await router.stop();
});

test('behind one proxy the right-most forwarded address is counted, and the log names no address or secret', async () => {
  const router = await startRouter(production);
  const wrong = { email: 'somebody@example.com', password: 'a secret password' };
  const remaining = async (forwardedFor: string) => {
    const answer = await post(`${router.url}/v1/auth/login`, wrong, { 'X-Forwarded-For': forwardedFor });
    return answer.headers.get('ratelimit')?.match(/"auth";r=(\d+)/)?.[1];
  };
  assert.equal(await remaining('203.0.113.1'), '9');
  assert.equal(await remaining('6.6.6.6, 203.0.113.1'), '8');
  assert.equal(await remaining('203.0.113.1, 203.0.113.2'), '9');
  await router.stop();
  const log = router.lines.join('\n');
  assert.match(
    log,
    /"message":"response sent","request_id":".*","method":"POST","http.route":"\/v1\/auth\/login","status":401/,
  );
  assert.doesNotMatch(log, /somebody|secret|203\.0\.113|6\.6\.6\.6/);
});

test('ten megabytes are refused with 413, declared or in chunks, and the connection survives or closes cleanly', async () => {
  const router = await startRouter(production);
  const megabyte = new Uint8Array(1_000_000).fill(0x78);
  const chunks = function* () {
    for (let i = 0; i < 10; i++) yield megabyte;
  };
  const send = (body: Blob | ReadableStream) =>
    fetch(`${router.url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
  await expectProblem(await send(new Blob([...chunks()])), 'content-too-large');
  await expectProblem(
    await send(Readable.toWeb(Readable.from(chunks())) as ReadableStream),
    'content-too-large',
  );
  await expectEmpty(await fetch(`${router.url}/health/live`, { method: 'HEAD' }), 200);
  await router.stop();
});

test('what is not HTTP, or no address, is refused with a problem and harms nobody', async () => {
  const router = await startRouter(production);
  const large = 'x'.repeat(20_000);
  for (const [bytes, slug] of [
    ['nonsense\r\n\r\n', 'malformed-request'],
    ['GET / HTTP/1.1\r\n\r\n', 'malformed-request'],
    ['GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 'malformed-request'],
    ['GET / HTTP/1.0\r\nHost: a b\r\n\r\n', 'malformed-request'],
    ['GET //\\evil HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'malformed-request'],
    [
      'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      'malformed-request',
    ],
    [`GET / HTTP/1.1\r\nHost: x\r\nX: ${large}\r\n\r\n`, 'header-too-large'],
    [
      'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}',
      'expectation-failed',
    ],
  ] as const) {
    const answer = await speak(router, bytes);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    const { status } = problems[slug];
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} \\w`), `${bytes.slice(0, 60)}\n${answer}`);
    assert.match(head, /^content-type: application\/problem\+json$/im);
    assert.match(head, /^cache-control: no-store$/im);
    const document = JSON.parse(body) as { type: string; status: number; request_id: string };
    assert.equal(document.type, `https://api.example.com/problems/${slug}`);
    assert.equal(document.status, status);
    assert.match(head, new RegExp(`^x-request-id: ${document.request_id}$`, 'im'));
  }
  await expectJson(await fetch(`${router.url}/health/live`), 200);
  assert.equal(await router.stop(), 0);
});

test('HTTP/1.0 needs no Host, as health checks of load balancers speak it', async () => {
  const router = await startRouter(production);
  assert.match(await speak(router, 'GET /health/live HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(await speak(router, 'GET /health/live HTTP/1.0\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 200 OK\r\n/);
  assert.equal(await router.stop(), 0);
});

test('a client that hangs up in mid-body is no fault of ours: no error, no 5xx', async () => {
  const router = await startRouter({ ...production, METRICS_PORT: '0' });
  const start = 'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const ends = { reset: (socket: Socket) => socket.resetAndDestroy(), end: (socket: Socket) => socket.end() };
  for (const framing of [
    'Content-Length: 63\r\n\r\n{"email":',
    'Transfer-Encoding: chunked\r\n\r\n9\r\n{"ema',
  ]) {
    for (const end of Object.values(ends)) {
      const socket = connect(Number(new URL(router.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      const seen = router.lines.length;
      await new Promise((resolve) => socket.write(start + framing, resolve));
      // Once this is answered the request before it is being read.
      await expectJson(await fetch(`${router.url}/health/live`), 200);
      end(socket);
      await router.says(/"response sent".*login/, seen);
    }
  }
  const log = router.lines.join('\n');
  assert.doesNotMatch(log, /"level":"error"/);
  assert.doesNotMatch(log, /login.*"status":5\d\d/);
  assert.match(log, /login.*"status":400/);
  const port = /"metrics listening".*"port":(\d+)/.exec(log)?.[1] ?? '';
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.doesNotMatch(metrics, /^blockbot_http_requests_total\{.*status="5/m);
  assert.equal(await router.stop(), 0);
});

/** What the router says to these very bytes until it ends the connection. */
function speak(router: RouterProcess, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(router.url).port), '127.0.0.1');
  socket.end(bytes, 'latin1');
  return text(socket);
}

test('SIGTERM under load drops no request: ready says no at once, others go on, the exit code is 0', async () => {
  const router = await startRouter({ ...production, DRAIN_DELAY_MS: '2000' });
  const statuses: number[] = [];
  const failures: unknown[] = [];
  let connectionsClosed = 0;
  let running = true;
  const worker = async () => {
    while (running) {
      try {
        const answer = await fetch(`${router.url}/.well-known/jwks.json`, {
          headers: { 'X-Forwarded-For': `10.1.${statuses.length >> 8}.${statuses.length & 255}` },
        });
        statuses.push(answer.status);
        if (answer.headers.get('connection') === 'close') {
          connectionsClosed++;
          running = connectionsClosed < 50;
        }
        await answer.arrayBuffer();
      } catch (error) {
        failures.push(error);
        running = false;
      }
    }
  };
  const workers = Array.from({ length: 8 }, worker);
  await expectJson(await fetch(`${router.url}/health/ready`), 200);
  router.process.kill('SIGTERM');
  await router.says(/"message":"draining"/);
  const ready = await expectJson<{ status: string; notes: string[] }>(
    await fetch(`${router.url}/health/ready`),
    503,
  );
  assert.deepEqual([ready.status, ready.notes], ['fail', ['draining']]);
  await expectJson(await fetch(`${router.url}/health/live`), 200);
  await Promise.all(workers);
  assert.deepEqual(failures, []);
  assert.ok(statuses.every((status) => status === 200));
  assert.equal(connectionsClosed >= 50, true);
  assert.equal(await router.exited, 0);
});

test('a request that is under way when the server closes is finished', async () => {
  const router = await startRouter(production);
  const body = { email: 'slow@example.com', password: 'correct horse battery staple' };
  // Registrations hash one after the other, so that the last of them are under way when the signal comes.
  const answers = Array.from({ length: 8 }, (_, i) =>
    post(`${router.url}/v1/auth/register`, { ...body, email: `slow-${i}@example.com` }),
  );
  await answers[0];
  router.process.kill('SIGTERM');
  for (const answer of answers) await expectJson(await answer, 201);
  assert.equal(await router.exited, 0);
});
