/** The metrics of a router that runs as a process, scraped as Prometheus does. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createDatabaseClient } from '../../../db/client.ts';
import { createPrivateKey } from '../../../lib/security/jwt.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import { expectRefusal, startRouter } from '../../../test/support/router-process.ts';

const { url: databaseUrl } = await createTestDatabase();
const environment = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PUBLIC_URL: 'https://api.example.com',
  DATABASE_URL: databaseUrl,
  // Nobody listens there: the limiter is degraded from the first request on.
  UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:9',
  UPSTASH_REDIS_REST_TOKEN: 'a token',
  JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  TRUSTED_PROXY_HOPS: '1',
  DRAIN_DELAY_MS: '0',
  METRICS_PORT: '0',
  MAIL_FROM: 'Blockbot <hello@example.com>',
  RESEND_API_KEY: 're_test',
  RELEASE: '3f2c1ab',
};

async function startMeasured() {
  const router = await startRouter(environment);
  const line = router.lines.find((candidate) => candidate.includes('"metrics listening"')) ?? '{}';
  const { port } = JSON.parse(line) as { port: number };
  const metricsUrl = `http://127.0.0.1:${port}/metrics`;
  const scrape = async () => {
    const answer = await fetch(metricsUrl);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    return answer.text();
  };
  return { router, metricsUrl, scrape };
}

test('a scrape tells requests by endpoint and status, limits, hashes, pool, outbox, event loop and build', async () => {
  const { router, scrape } = await startMeasured();
  await fetch(`${router.url}/.well-known/jwks.json`);
  await fetch(`${router.url}/problems/not-found`);
  for (const method of ['GET', 'PUT', 'PROPFIND']) await fetch(`${router.url}/nothing/${method}`, { method });
  const text = await scrape();
  for (const line of [
    'blockbot_http_requests_total{method="GET",http_route="/.well-known/jwks.json",status="200"} 1',
    'blockbot_http_requests_total{method="any",http_route="none",status="404"} 3',
    'blockbot_http_request_duration_seconds_count{method="GET",http_route="/.well-known/jwks.json"} 1',
    'blockbot_rate_limit_decisions_total{policy="api",outcome="allowed",mode="local"} 2',
    'blockbot_rate_limit_degraded 1',
    'blockbot_hashes_running 0',
    'blockbot_hashes_waiting 0',
    'blockbot_database_connections_max 10',
    'blockbot_database_calls_waiting 0',
    'blockbot_outbox_emails{state="waiting"} 0',
    `blockbot_build_info{revision="3f2c1ab",node="${process.versions.node}"} 1`,
  ]) {
    assert.ok(text.includes(`\n${line}\n`), `${line}\nis not in\n${text}`);
  }
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds \d/m);
  assert.doesNotMatch(text, /nothing/);
  assert.equal(await router.stop(), 0);
});

test('emails that wait and emails that were given up are told apart, with the age of the oldest', async (t) => {
  const { router, scrape } = await startMeasured();
  const database = createDatabaseClient({ url: databaseUrl });
  t.after(database.close);
  await database.sql`
    insert into outbox (id, recipient, letter, created_at, sent_at, dead_at, next_attempt_at) values
      (gen_random_uuid(), 'a@example.com', 'sign-in', now() - interval '1 hour', null, null, now() + interval '1 hour'),
      (gen_random_uuid(), 'b@example.com', 'sign-in', now(), null, null, now() + interval '1 hour'),
      (gen_random_uuid(), 'c@example.com', 'sign-in', now() - interval '2 hours', null, now(), now() + interval '1 hour'),
      (gen_random_uuid(), 'd@example.com', 'sign-in', now() - interval '3 hours', now(), null, now() + interval '1 hour')`;
  const text = await scrape();
  assert.match(text, /^blockbot_outbox_emails\{state="waiting"\} 2$/m);
  assert.match(text, /^blockbot_outbox_emails\{state="dead"\} 1$/m);
  assert.match(text, /^blockbot_outbox_oldest_seconds\{state="waiting"\} 360\d(\.\d+)?$/m);
  assert.equal(await router.stop(), 0);
});

test('metrics stand on their own port only, and it answers nothing else', async () => {
  const { router, metricsUrl } = await startMeasured();
  assert.equal((await fetch(`${router.url}/metrics`)).status, 404);
  assert.equal((await fetch(metricsUrl.replace('/metrics', '/v1/me'))).status, 404);
  assert.equal((await fetch(metricsUrl, { method: 'POST' })).status, 405);
  assert.equal(await router.stop(), 0);
});

test('while Postgres is away a scrape is answered, without figures of the outbox', async () => {
  const router = await startRouter({ ...environment, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  const line = router.lines.find((candidate) => candidate.includes('"metrics listening"')) ?? '{}';
  const answer = await fetch(`http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}/metrics`);
  assert.equal(answer.status, 200);
  assert.doesNotMatch(await answer.text(), /^blockbot_outbox_emails\{/m);
  assert.equal(await router.stop(), 0);
});

test('a metrics port that is taken stops the start', async (t) => {
  const { createServer } = await import('node:net');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const address = taken.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { code, said } = await expectRefusal({ ...environment, METRICS_PORT: String(port) });
  assert.equal(code, 1);
  assert.match(said, /EADDRINUSE/);
});

const withoutPromtool =
  spawnSync('promtool', ['--version']).status === 0 ? false : 'promtool is not installed';

test('promtool finds nothing to say about a scrape', { skip: withoutPromtool }, async () => {
  const { router, scrape } = await startMeasured();
  await fetch(`${router.url}/.well-known/jwks.json`);
  const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: await scrape(),
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.equal(await router.stop(), 0);
});

test('every series has a help, and the suffix and the unit that its type asks for', async () => {
  const { router, scrape } = await startMeasured();
  await fetch(`${router.url}/.well-known/jwks.json`);
  const text = await scrape();
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  assert.ok(types.length > 30);
  for (const [, name = '', type = ''] of types) {
    assert.match(text, new RegExp(`^# HELP ${name} \\S`, 'm'));
    assert.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`);
    assert.doesNotMatch(
      name,
      /_(?:ms|milliseconds|minutes|hours|kilobytes|megabytes|percent|gauge|counter)(?:_|$)/,
    );
    assert.doesNotMatch(name, /_(?:count|sum|bucket)$/);
  }
  assert.equal(await router.stop(), 0);
});

test('what the alerts and the dashboard ask for is what a scrape tells', async () => {
  const { router, scrape } = await startMeasured();
  await fetch(`${router.url}/.well-known/jwks.json`);
  // What the scripts leave for node-exporter is told as well.
  const scripts = ['backup', 'offsite'].map((name) => readFileSync(`deploy/backup/${name}.sh`, 'utf8'));
  const text = [await scrape(), ...scripts].join('\n');
  for (const file of ['prometheus/rules.yml', 'grafana/dashboards/blockbot.json']) {
    const asked = readFileSync(`deploy/monitoring/${file}`, 'utf8').matchAll(
      /\b(?:blockbot|nodejs|process)_\w+/g,
    );
    for (const [name] of asked) assert.match(text, new RegExp(`^${name}(?:\\{| )`, 'm'), `${file}: ${name}`);
  }
  assert.equal(await router.stop(), 0);
});
