import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createTestDatabase } from '../../../test/support/database.ts';
import { startFakeResend } from '../../../test/support/fake-resend.ts';
import { makeTemporaryFolder } from '../../../test/support/folder.ts';
import { type ReceivedSpan, startOtlpReceiver } from '../../../test/support/otlp-receiver.ts';
import { startRedis, withoutRedis } from '../../../test/support/redis-server.ts';
import { expectRefusal, startRouter } from '../../../test/support/router-process.ts';

const { url: databaseUrl } = await createTestDatabase();
const resend = await startFakeResend();
const environment = {
  DATABASE_URL: databaseUrl,
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  MAIL_FROM: 'Blockbot <hello@example.com>',
  RESEND_API_KEY: 're_a_key_of_this_test',
  RESEND_BASE_URL: resend.url,
  DRAIN_DELAY_MS: '0',
};

const parentTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentSpan = '00f067aa0ba902b7';
const password = 'a password that nobody has';
let people = 0;

async function register(url: string, flags = '01') {
  const email = `traced-${people++}@example.com`;
  const response = await fetch(`${url}/v1/auth/register`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      traceparent: `00-${parentTrace}-${parentSpan}-${flags}`,
    },
    body: JSON.stringify({ email, password, name: 'Grace Hopper' }),
  });
  const text = await response.text();
  assert.equal(response.status, 201, text);
  const tokens = JSON.parse(text) as { access_token: string; refresh_token: string; binding: string };
  return { email, requestId: response.headers.get('x-request-id') ?? '', ...tokens };
}

/** A tree as lines, each two deeper than its parent's; those of one parent by their name. */
function draw(spans: readonly ReceivedSpan[], parentId: string, indent = ''): string[] {
  return spans
    .filter((span) => span.parentId === parentId)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ id, name }) => [`${indent}${name}`, ...draw(spans, id, `${indent}  `)]);
}

describe('with a collector', { skip: withoutRedis }, () => {
  test('one request is a tree of what it did, in the trace that its caller named, and it goes on into what is asked', async (t) => {
    const collector = await startOtlpReceiver();
    const redis = await startRedis();
    t.after(redis.close);
    const router = await startRouter({
      ...environment,
      REDIS_URL: redis.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      RELEASE: '3f2c1ab',
    });
    const before = resend.arrivals.length;
    const person = await register(router.url);
    await resend.arrived(before + 1);
    await fetch(`${router.url}/health/ready`);
    assert.equal(await router.stop(), 0);

    const lines = draw(collector.spans, parentSpan);
    t.diagnostic(lines.join('\n'));
    assert.equal(lines[0], 'POST /v1/auth/register');
    for (const line of [
      '  PIPELINE EVALSHA',
      '  hash password',
      '  transaction',
      '  send email',
      '    POST',
    ]) {
      assert.ok(lines.includes(line), `${line}\nis not in\n${lines.join('\n')}`);
    }
    for (const line of [/^ {4}INSERT users/, /^ {4}.*INSERT outbox/])
      assert.ok(lines.some((each) => line.test(each)));
    const byName = (name: RegExp) =>
      collector.spans.find((span) => name.test(span.name)) ?? assert.fail(`no ${String(name)}`);
    assert.ok(collector.spans.every(({ traceId }) => traceId === parentTrace));
    assert.equal(resend.arrivals[before]?.traceparent, `00-${parentTrace}-${byName(/^POST$/).id}-01`);

    const { attributes, kind, failed } = byName(/register$/);
    assert.deepEqual([kind, failed], [2, false]);
    assert.deepEqual(attributes, {
      'http.request.method': 'POST',
      'url.scheme': 'http',
      'http.route': '/v1/auth/register',
      'http.response.status_code': 201,
      'http.response.header.x-request-id': [person.requestId],
    });
    const statement = byName(/^INSERT users/).attributes;
    assert.equal(statement['db.system.name'], 'postgresql');
    assert.match(String(statement['db.query.text']), /insert into users .*\$1/);
    assert.equal(byName(/^PIPELINE EVALSHA$/).attributes['db.system.name'], 'redis');
    assert.equal(byName(/^send email$/).attributes['blockbot.email.outcome'], 'accepted');
    assert.equal(collector.resource['service.name'], 'blockbot');
    assert.equal(collector.resource['service.version'], '3f2c1ab');
    assert.equal(collector.resource['deployment.environment.name'], 'test');
    for (const secret of [
      person.email,
      'Grace',
      password,
      person.access_token,
      person.refresh_token,
      person.binding,
      environment.RESEND_API_KEY,
      '$argon2id',
      '127.0.0.1:',
    ]) {
      assert.ok(!collector.bytes().includes(secret), `${secret} is in what was sent`);
    }
    // The log's line names the trace.
    assert.ok(router.lines.some((line) => line.includes(person.requestId) && line.includes(parentTrace)));
  });
});

test('a refusal and an unknown address name no address, and what fails is marked', async () => {
  const collector = await startOtlpReceiver();
  const router = await startRouter({
    ...environment,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  await fetch(`${router.url}/nothing/a-token-in-a-path?token=a-token-in-a-query`, { method: 'PURGE' });
  const asked = await fetch(`${router.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password }),
  });
  assert.equal(asked.status, 503);
  assert.equal(await router.stop(), 0);
  const [unknown, refused] = collector.spans.filter(({ kind }) => kind === 2);
  assert.deepEqual([unknown?.name, unknown?.attributes['http.response.status_code']], ['_OTHER', 404]);
  assert.deepEqual(
    [refused?.name, refused?.failed, refused?.attributes['error.type']],
    ['POST /v1/auth/login', true, '503'],
  );
  assert.ok(!collector.bytes().includes('a-token'));
  const statement = collector.spans.find(({ attributes }) => attributes['db.system.name'] === 'postgresql');
  assert.deepEqual([statement?.failed, statement?.attributes['error.type']], [true, 'ECONNREFUSED']);
});

test('metrics have the names of the semantic conventions', async () => {
  const collector = await startOtlpReceiver();
  const router = await startRouter({
    ...environment,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.url}/v1/metrics`,
  });
  await fetch(`${router.url}/.well-known/jwks.json`);
  assert.equal(await router.stop(), 0);
  assert.deepEqual([...collector.metrics].sort(), [
    'blockbot.outbox.emails',
    'blockbot.outbox.oldest',
    'blockbot.password.hashes',
    'blockbot.rate_limit.decisions',
    'blockbot.rate_limit.degraded',
    'db.client.connection.count',
    'db.client.connection.max',
    'db.client.connection.pending_requests',
    'http.server.request.duration',
    'process.memory.usage',
  ]);
  assert.deepEqual(collector.spans, []);
});

test('what is not sampled is not sent, and says so to whom it asks', async () => {
  const collector = await startOtlpReceiver();
  const router = await startRouter({
    ...environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_METRICS_EXPORTER: 'none',
  });
  const before = resend.arrivals.length;
  await register(router.url, '00');
  await resend.arrived(before + 1);
  assert.equal(await router.stop(), 0);
  assert.deepEqual([collector.spans, collector.metrics.size], [[], 0]);
  assert.match(resend.arrivals[before]?.traceparent ?? '', new RegExp(`^00-${parentTrace}-[0-9a-f]{16}-00$`));
});

test('a collector that is away, or hangs, delays neither an answer nor the end, and the log tells of it once', async (t) => {
  const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  t.after(() => hanging.close());
  const address = hanging.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  for (const endpoint of ['http://127.0.0.1:1', `http://127.0.0.1:${port}`]) {
    const router = await startRouter({
      ...environment,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_METRICS_EXPORTER: 'none',
    });
    const ask = async () => {
      for (let nth = 0; nth < 50; nth++) {
        assert.equal((await fetch(`${router.url}/.well-known/jwks.json`)).status, 200);
      }
    };
    await ask();
    await router.says(/telemetry is not sent/);
    await ask();
    assert.equal(await router.stop(), 0);
    assert.equal(router.lines.filter((line) => line.includes('telemetry is not sent')).length, 1);
  }
});

test('a value that would mean something else to the standard stops the start, told with whatever else is wrong, if telemetry is asked for', async () => {
  const misspelt = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'half' };
  const withoutScheme = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'localhost:4318',
  };
  const folder = await makeTemporaryFolder();
  const { code, said } = await expectRefusal({
    ...misspelt,
    ...withoutScheme,
    NODE_ENV: 'development',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'loud',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  });
  assert.equal(code, 78);
  assert.deepEqual(await readdir(folder), [], 'no Postgres was started');
  assert.match(said, /LOG_LEVEL: must be/);
  assert.match(said, /OTEL_EXPORTER_OTLP_PROTOCOL: must be http\/protobuf/);
  assert.match(said, /OTEL_TRACES_SAMPLER: must be always_on/);
  for (const name of Object.keys(withoutScheme))
    assert.match(said, new RegExp(`${name}: must be an http or https address`));
  for (const unasked of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' },
  ]) {
    const router = await startRouter({ ...environment, ...misspelt, ...unasked });
    assert.equal(await router.stop(), 0);
  }
});
