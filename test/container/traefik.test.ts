/** What docker-compose.prod.yml, traefik.yml and dynamic.yml ask of Traefik, looked at from outside: a stand-in can't tell. */
import assert from 'node:assert/strict';
import { readFile, rename, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import type tls from 'node:tls';
import { after, before, describe, test } from 'node:test';
import { call, domain, password, register } from './edge-client.ts';
import { docker, withTraefik } from './engine.ts';
import { type Handshake, shakeHands } from './handshake.ts';
import { askQuicVersions } from './quic.ts';
import { createStack, readAuthority, type Stack, untilReachable, up } from './stack.ts';

describe('Traefik and an ACME server', withTraefik, () => {
  let stack: Stack;
  let ca: string;

  before(async () => {
    stack = await createStack();
    await up(stack);
    ca = await readAuthority(stack);
  });
  after(() => stack.remove());

  const inTraefik = (...args: readonly string[]) => stack.mustCompose('exec', '-T', 'traefik', ...args);
  const logsOf = async (service: string) => docker('logs', ...(await stack.containers(service)));

  async function shown(options: tls.ConnectionOptions = {}): Promise<Handshake> {
    const handshake = await shakeHands({ ca, ...options });
    if (typeof handshake === 'string') assert.fail(handshake);
    return handshake;
  }

  /** What Traefik tells Prometheus: `name{label="value",...} number`. */
  async function readMetrics(name: string): Promise<readonly string[]> {
    const program = `fetch('http://traefik:8082/metrics').then((answer) => answer.text()).then(console.log)`;
    const [router = ''] = await stack.containers('router');
    const all = await docker('exec', router, 'node', '-e', program);
    return all.split('\n').filter((line) => line.startsWith(`${name}{`));
  }

  test('reads the file that start.sh rendered', async () => {
    const rendered = await inTraefik('cat', '/tmp/traefik.yml');
    assert.doesNotMatch(rendered, /\$\{/);
    assert.match(rendered, /email: 'ops@blockbot\.test'/);
    assert.match(
      await inTraefik('sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "'),
      /traefik --configFile=\/tmp\/traefik\.yml/,
    );
    // What it does not understand it says here.
    assert.doesNotMatch(await logsOf('traefik'), /"level":"(?:error|fatal|panic)"/);
  });

  test('ACME_EMAIL arrives at the ACME server', async () => {
    const [, account = ''] = /^account (.+)$/m.exec(await logsOf('acme')) ?? [];
    assert.deepEqual((JSON.parse(account) as { contact: unknown }).contact, ['mailto:ops@blockbot.test']);
  });

  test('a certificate is issued by HTTP-01, kept where nobody else reads it, and shown', async () => {
    const { names, issuer, protocol } = await shown();
    assert.equal(names, `DNS:${domain}`);
    assert.match(issuer ?? '', /^Pebble Intermediate CA/);
    assert.equal(protocol, 'TLSv1.3');
    assert.match(await logsOf('pebble'), /http:\/\/blockbot\.test:80\/\.well-known\/acme-challenge\//);
    assert.match(await inTraefik('ls', '-l', '/letsencrypt/staging.json'), /^-rw-------/);
  });

  test('HTTP leads to HTTPS with path and query, and a challenge does not', async () => {
    const ask = (path: string) =>
      new Promise<http.IncomingMessage>((resolve, reject) => {
        http
          .get({ host: '127.0.0.1', port: 80, path, headers: { Host: domain } }, (response) => {
            response.resume();
            resolve(response);
          })
          .on('error', reject);
      });
    const redirect = await ask('/v1/me?a=b');
    assert.equal(redirect.statusCode, 301);
    assert.equal(redirect.headers.location, `https://${domain}/v1/me?a=b`);
    assert.equal((await ask('/.well-known/acme-challenge/nobody-asked')).statusCode, 404);
  });

  test('TLS 1.2 and up, and only for the name that there is', async () => {
    const old = { ciphers: 'DEFAULT@SECLEVEL=0' };
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const refused = await shakeHands({ ca, ...old, minVersion: version, maxVersion: version });
      assert.equal(refused, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    }
    assert.equal((await shown({ maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
    // sniStrict: without it, Traefik's own certificate for everybody.
    for (const servername of ['elsewhere.test', ''])
      assert.equal(
        typeof (await shakeHands({ servername, rejectUnauthorized: false })),
        'string',
        servername,
      );
  });

  test('HTTP/3 is offered, and QUIC 1 answers at the port that is published', async () => {
    assert.equal((await call('/health/live')).headers['alt-svc'], 'h3=":443"; ma=2592000');
    assert.ok((await askQuicVersions(443)).includes(1));
  });

  test('every answer has the security headers once, and none that tells what made it', async () => {
    for (const path of ['/health/live', '/v1/me', '/sign-in']) {
      const { headers } = await call(path);
      assert.equal(headers['strict-transport-security'], 'max-age=31536000', path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['x-frame-options'], 'DENY', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
      assert.equal(headers['server'], undefined, path);
      assert.equal(headers['x-powered-by'], undefined, path);
    }
  });

  test('a body over a megabyte ends at Traefik, one over 64 kB at the router', async () => {
    const post = (bytes: number) =>
      call('/v1/auth/login', { method: 'POST', body: { email: 'x'.repeat(bytes) } });
    const router = await post(100_000);
    assert.equal(router.status, 413);
    assert.equal(router.headers['content-type'], 'application/problem+json');
    const traefik = await post(1_100_000);
    assert.equal(traefik.status, 413);
    assert.notEqual(traefik.headers['content-type'], 'application/problem+json');
  });

  test('an access log line has who, what and how long, and nothing that was secret', async () => {
    const secret = 'a-secret-of-somebody';
    await call(`/v1/auth/verify-email?token=${secret}`, {
      headers: {
        Authorization: `Bearer ${secret}`,
        Cookie: `session=${secret}`,
        'X-Request-Id': 'request-of-the-log-test',
      },
    });
    const { email } = await register(1);
    await call('/v1/auth/login', { method: 'POST', body: { email, password } });
    const log = await logsOf('traefik');
    for (const hidden of [secret, email, password, '/v1/auth']) assert.ok(!log.includes(hidden), hidden);
    const line = log.split('\n').findLast((one) => one.includes('request-of-the-log-test'));
    const said = JSON.parse(line ?? '{}') as Record<string, unknown>;
    for (const field of ['ClientHost', 'RequestMethod', 'RouterName', 'DownstreamStatus', 'Duration'])
      assert.ok(field in said, `${field} is not in ${line ?? 'any line'}`);
  });

  test('a change of dynamic.yml arrives by itself, in the way of editors and of git: as a new file', async () => {
    const path = join(stack.files, 'traefik', 'dynamic.yml');
    const changed = (await readFile(path, 'utf8')).replace(
      'referrerPolicy: no-referrer',
      'referrerPolicy: origin',
    );
    await writeFile(`${path}.new`, changed);
    await rename(`${path}.new`, path);
    await until(async () => (await call('/health/live')).headers['referrer-policy'] === 'origin');
  });

  test('a router that drains is left while it still answers', async () => {
    await stack.mustCompose('up', '-d', '--no-deps', '--scale', 'router=2', '--wait', 'router');
    const ready = async () =>
      (await readMetrics('traefik_service_server_up')).filter((line) => line.endsWith(' 1'));
    await until(async () => (await ready()).length === 2);
    const [, second = ''] = await stack.containers('router');
    const stopping = docker('stop', '--time', '30', second);
    await until(async () => (await ready()).length === 1);
    assert.equal(await docker('inspect', '-f', '{{.State.Running}}', second), 'true');
    await stopping;
  });

  test('a certificate that is due is renewed when Traefik starts, and shown; the former one until then', async () => {
    const { serial } = await shown();
    await stack.mustCompose('restart', 'traefik');
    await untilReachable(stack);
    await until(async () => (await shown()).serial !== serial);
    assert.equal((await logsOf('pebble')).match(/Issued certificate serial/g)?.length, 2);
    assert.equal((await logsOf('acme')).match(/^account /gm)?.length, 1);
  });

  test('while no router is there the answer is 503, with a certificate', async () => {
    await stack.mustCompose('stop', '--timeout', '1', 'router');
    await until(async () => (await call('/v1/me')).status === 503);
    assert.equal((await call('/metrics')).status, 404);
    await stack.mustCompose('start', 'router');
    await untilReachable(stack);
  });

  test('a flood from one address is refused by Traefik, and a monitor is not', async () => {
    const flood = await Promise.all(Array.from({ length: 400 }, () => call('/v1/me')));
    const refused = flood.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0 && refused.length < 400, `${refused.length} of 400`);
    assert.ok(refused.some(({ headers }) => headers['content-type'] !== 'application/problem+json'));
    const health = await Promise.all(Array.from({ length: 50 }, () => call('/health/live')));
    assert.ok(health.every(({ status }) => status === 200));
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) assert.ok(Date.now() < end, `never came true: ${holds.toString()}`);
}
