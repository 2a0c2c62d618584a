/**
 * The doctor against real patients: a Postgres, a Redis, a router, TLS servers and a name server. Long because each thing that may
 * be wrong has a case of its own.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { createDatabaseClient } from '../db/client.ts';
import { createPrivateKey } from '../lib/security/jwt.ts';
import { makeCertificate } from '../test/support/certificate.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { startDnsServer } from '../test/support/dns-server.ts';
import { startRedis, startRedisCluster, withoutRedis } from '../test/support/redis-server.ts';
import { startRouter } from '../test/support/router-process.ts';

const { url: databaseUrl } = await createTestDatabase();
const complete = {
  PUBLIC_URL: 'https://api.test',
  DATABASE_URL: databaseUrl,
  REDIS_URL: 'redis://127.0.0.1:1',
  JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  TRUSTED_PROXY_HOPS: '1',
  MAIL_FROM: 'Blockbot <hello@mail.test>',
  RESEND_API_KEY: 're_test',
};

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/doctor.ts', ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** Serves what a healthy deployment would, and has the Date of a clock that is right. */
async function startPlain() {
  const server = createHttpServer((_, answer) => answer.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function startTls(days: number, subject?: string) {
  const certificate = await makeCertificate('api.test', { days, ...(subject !== undefined && { subject }) });
  const server = createServer(certificate, (_, answer) => answer.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return { url: `https://api.test:${(server.address() as AddressInfo).port}`, certificate: certificate.path };
}

async function startDns(records: Parameters<typeof startDnsServer>[0]) {
  const { address, close } = await startDnsServer(records);
  after(close);
  return ['--dns', address];
}

test(
  'inside: a database that is migrated, a Redis that keeps lockouts, an environment that is whole',
  {
    skip: withoutRedis,
  },
  async (t) => {
    const redis = await startRedis('--maxmemory-policy', 'volatile-ttl');
    t.after(redis.close);
    const { status, stdout } = await run(['inside'], {
      ...complete,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    });
    assert.match(stdout, /^ok +environment: complete/m);
    assert.match(stdout, /^ok +migrations: all \d+ applied/m);
    assert.match(stdout, /^ok +redis eviction: maxmemory-policy is volatile-ttl/m);
    assert.match(stdout, /^skipped client addresses: nobody/m);
    assert.match(stdout, /^ok +token secrets: secret 1 of 1 \([0-9a-f]{8}\) seals; emails under it: 0$/m);
    assert.equal(status, 0);
  },
);

test(
  'inside: every fault has a line that says what to do, and no secret is in any',
  {
    skip: withoutRedis,
  },
  async (t) => {
    const redis = await startRedis('--maxmemory-policy', 'allkeys-lru');
    t.after(redis.close);
    const { url, drop } = await createTestDatabase();
    t.after(drop);
    const database = createDatabaseClient({ url });
    t.after(database.close);
    await database.sql`delete from drizzle.__drizzle_migrations where id = 2`;
    await database.sql`insert into users (id, email) values ('01890a5d-ac96-774b-bcce-b302099a8057', 'a@example.com')`;
    await database.sql`
    insert into refresh_tokens (id, user_id, nonce_hash, amr, address, expires_at)
    values (gen_random_uuid(), '01890a5d-ac96-774b-bcce-b302099a8057', '', '{pwd}', '172.18.0.1', now()),
      (gen_random_uuid(), '01890a5d-ac96-774b-bcce-b302099a8057', '', '{pwd}', '192.0.2.7', now())`;
    const { status, stdout } = await run(['inside'], {
      ...complete,
      DATABASE_URL: url,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    });
    assert.match(stdout, /^fail +migrations: not applied: 0001_\w+\n +-> docker compose/m);
    assert.match(stdout, /^fail +redis eviction: .*allkeys-lru\n +-> /m);
    assert.match(
      stdout,
      /^warn +client addresses: 1 of the 2 sessions.*private addresses\n +-> .*TRUSTED_PROXY_HOPS.*IPv6/m,
    );
    assert.equal(status, 1);

    const bare = await run(['inside'], { TOKEN_SECRET: 'short and secret' });
    assert.equal(bare.status, 1);
    for (const name of ['PUBLIC_URL', 'DATABASE_URL', 'TOKEN_SECRET', 'TRUSTED_PROXY_HOPS']) {
      assert.match(bare.stdout, new RegExp(`^fail +environment: .*${name}.*\\n +-> `, 'm'));
    }
    assert.doesNotMatch(bare.stdout, /short and secret/);
  },
);

test('inside: one node of a cluster is no Redis for all limits', { skip: withoutRedis }, async (t) => {
  const cluster = await startRedisCluster();
  t.after(cluster.close);
  const [first, second] = cluster.nodes;
  const one = await run(['inside'], { ...complete, REDIS_URL: first.url });
  assert.match(
    one.stdout,
    /^fail +redis: REDIS_URL names one node of a cluster of 3\n +-> .*REDIS_CLUSTER_URLS/m,
  );
  const { REDIS_URL, ...others } = complete;
  const all = await run(['inside'], { ...others, REDIS_CLUSTER_URLS: `${first.url},${second.url}` });
  assert.match(all.stdout, /^ok +redis: answers$/m);
});

test('inside: a Postgres and a Redis that are away are told with what to look at', async () => {
  const { status, stdout } = await run(['inside'], {
    ...complete,
    DATABASE_URL: 'postgres://a:geheim@127.0.0.1:1/b',
  });
  assert.match(stdout, /^fail +database: connect ECONNREFUSED 127\.0\.0\.1:1\n +-> Is it up/m);
  assert.match(stdout, /^fail +redis: Redis is away: ECONNREFUSED\n +-> Requests go on/m);
  assert.doesNotMatch(stdout, /geheim/);
  assert.equal(status, 1);
});

test(
  'inside: a Redis that refuses its user says why, and so does one that only keeps its policy to itself',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis();
    t.after(redis.close);
    redis.run('ACL', 'SETUSER', 'ada', 'on', '>password', '~*', '+@all', '-info');
    const examine = (password: string) =>
      run(['inside'], { ...complete, REDIS_URL: `redis://ada:${password}@127.0.0.1:${redis.port}` });
    const wrong = await examine('geheim');
    assert.match(wrong.stdout, /^fail +redis: Redis is away: WRONGPASS .+\n +-> Requests go on/m);
    assert.doesNotMatch(wrong.stdout, /geheim/);
    const silent = await examine('password');
    assert.match(silent.stdout, /^ok +redis: answers$/m);
    assert.match(
      silent.stdout,
      /^skipped redis eviction: its policy could not be asked for: NOPERM .*'info'/m,
    );
  },
);

test('outside: a trusted certificate with time left is well, one that ends in days is not', async () => {
  const clock = await startPlain();
  const dns = await startDns({ 'A api.test': ['127.0.0.1'], 'CAA test': ['letsencrypt.org'] });
  for (const [days, line] of [
    [60, /^ok +certificate expiry: (59|60) days left/m],
    [10, /^warn +certificate expiry: (9|10) days left\n +-> /m],
    [3, /^fail +certificate expiry: [23] days left\n +-> /m],
  ] as const) {
    const { url, certificate } = await startTls(days);
    const { stdout } = await run(['outside', '--url', url, '--clock', clock, ...dns], {
      NODE_EXTRA_CA_CERTS: certificate,
    });
    assert.match(stdout, line);
    assert.match(stdout, /^ok +certificate: issued by api\.test/m);
    assert.match(stdout, /^ok +ready: yes/m);
    assert.match(stdout, /^ok +clock: /m);
  }
});

test("outside: an untrusted certificate, Traefik's own and a staging one are told apart", async () => {
  const clock = await startPlain();
  const dns = await startDns({ 'A api.test': ['127.0.0.1'] });
  for (const [subject, line] of [
    ['/CN=api.test', /^fail +certificate: is not trusted: \w+\n +-> /m],
    ['/CN=TRAEFIK DEFAULT CERT', /^fail +certificate: is Traefik's own\n +-> /m],
    [
      "/O=(STAGING) Let's Encrypt/CN=(STAGING) Test",
      /^warn +certificate: is of the staging authority .*\n +-> .*ACME_CA/m,
    ],
  ] as const) {
    const { url } = await startTls(60, subject);
    const { stdout } = await run(['outside', '--url', url, '--clock', clock, ...dns]);
    assert.match(stdout, line);
  }
});

test('outside: addresses that are not ours, a CAA record that forbids, and records that emails need', async () => {
  const clock = await startPlain();
  const options = ['outside', '--url', 'https://api.mail.test:1', '--clock', clock, '--address', '192.0.2.1'];
  const records = {
    'A api.mail.test': ['192.0.2.1'],
    'AAAA api.mail.test': ['2001:db8::7'],
    'CAA mail.test': ['other-ca.example'],
    'TXT send.mail.test': ['v=spf1 include:amazonses.com ~all'],
  };
  const env = { MAIL_FROM: 'Blockbot <hello@mail.test>' };
  const sick = await run([...options, ...(await startDns(records))], env);
  assert.match(sick.stdout, /^ok +dns A: 192\.0\.2\.1$/m);
  assert.match(sick.stdout, /^warn +dns AAAA: 2001:db8::7 is not this server .*\n +-> Delete a stale AAAA/m);
  assert.match(sick.stdout, /^fail +dns CAA: mail\.test allows only other-ca\.example\n +-> /m);
  assert.match(sick.stdout, /^ok +mail SPF: send\.mail\.test$/m);
  assert.match(sick.stdout, /^fail +mail DKIM: .*\n +-> /m);
  assert.match(sick.stdout, /^warn +mail DMARC: .*\n +-> /m);
  assert.equal(sick.status, 1);

  const none = await run(
    ['outside', '--url', 'https://nowhere.test', '--clock', clock, ...(await startDns({}))],
    env,
  );
  assert.match(none.stdout, /^fail +dns: nowhere\.test has no address\n +-> Make an A record/m);
});

test('outside: a closed port is told, and a clock that is off', async (t) => {
  const late = createHttpServer((_, answer) => {
    answer.setHeader('Date', new Date(Date.now() - 60_000).toUTCString());
    answer.end();
  }).listen(0, '127.0.0.1');
  await once(late, 'listening');
  t.after(() => late.close());
  const clock = `http://127.0.0.1:${(late.address() as AddressInfo).port}/`;
  const dns = await startDns({ 'A api.test': ['127.0.0.1'] });
  const { status, stdout } = await run(['outside', '--url', 'https://api.test:1', '--clock', clock, ...dns]);
  assert.match(stdout, /^fail +clock: (59|6\d) s off\n +-> .*timedatectl/m);
  assert.match(stdout, /^fail +port 1: 127\.0\.0\.1: connect ECONNREFUSED.*\n +-> Is Traefik up/m);
  assert.equal(status, 1);
});

test('outside: a router that counts one proxy too many believes a forged address, and that is told', async () => {
  const clock = await startPlain();
  const dns = await startDns({ 'A api.test': ['127.0.0.1'] });
  for (const [hops, line] of [
    ['0', /^ok +proxy hops: a forged X-Forwarded-For changes nothing/m],
    ['1', /^fail +proxy hops: a forged X-Forwarded-For is believed.*\n +-> TRUSTED_PROXY_HOPS/m],
  ] as const) {
    const router = await startRouter({ ...complete, TRUSTED_PROXY_HOPS: hops });
    const url = `http://api.test:${new URL(router.url).port}`;
    const { stdout } = await run(['outside', '--url', url, '--clock', clock, ...dns]);
    assert.match(stdout, line);
    await router.stop();
  }
});

test('wrong usage is 2, and what is wrong is named before the usage', async () => {
  for (const args of [
    ['sideways'],
    ['--url', 'api.test'],
    ['--clock', 'ntp://pool.test'],
    ['--dns', 'ns.test'],
  ]) {
    const { status, stderr } = await run(args);
    assert.equal(status, 2, args.join(' '));
    assert.ok(stderr.split('\n')[0]?.includes(`'${args.at(-1)}'`), stderr);
  }
});

test('a PUBLIC_URL that is none is told, and nothing outside is looked at', async () => {
  const { status, stdout } = await run(['outside'], { PUBLIC_URL: 'api.test' });
  assert.match(stdout, /^skipped outside: PUBLIC_URL is no http:/);
  assert.equal(status, 0);
});
