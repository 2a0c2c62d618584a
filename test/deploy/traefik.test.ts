/** Traefik's files: names against its own references, and figures that belong together. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { findService, readCompose } from '../support/compose-file.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { findUnknownKeys, readKeys } from '../support/known-keys.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const knownKeys = (name: string) => readKeys(`test/traefik-keys/${name}.txt`);

/** traefik.yml as Traefik gets it. */
async function render(env: Readonly<Record<string, string>>) {
  const rendered = join(await makeTemporaryFolder(), 'traefik.yml');
  const { status, stderr } = spawnSync('sh', ['deploy/traefik/start.sh', '--render'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], TRAEFIK_TEMPLATE: 'traefik.yml', TRAEFIK_RENDERED: rendered, ...env },
  });
  return { status, stderr, read: () => read(rendered) };
}

test('traefik.yml receives the mailbox, the CA and the trusted networks, and no variable is left in it', async () => {
  const { read: rendered, status } = await render({
    ACME_EMAIL: `o'hara+a&b|c@example.com`,
    ACME_CA: 'staging',
    EDGE_TRUSTED_IPS: '173.245.48.0/20, 2400:cb00::/32',
  });
  assert.equal(status, 0);
  assert.doesNotMatch(rendered(), /\$\{/);
  const file = parse(rendered()) as {
    certificatesResolvers: { letsencrypt: { acme: Record<string, unknown> } };
    entryPoints: Record<string, { forwardedHeaders?: { trustedIPs: string[] } }>;
  };
  const { acme } = file.certificatesResolvers.letsencrypt;
  assert.equal(acme['email'], `o'hara+a&b|c@example.com`);
  assert.equal(acme['caServer'], 'https://acme-staging-v02.api.letsencrypt.org/directory');
  assert.equal(acme['storage'], '/letsencrypt/staging.json');
  assert.deepEqual(file.entryPoints['websecure']?.forwardedHeaders?.trustedIPs, [
    '173.245.48.0/20',
    '2400:cb00::/32',
  ]);
});

test('traefik.yml trusts nobody unless told, and the certificates that count are the default', async () => {
  const { read: rendered } = await render({ ACME_EMAIL: 'ops@example.com' });
  assert.match(rendered(), /caServer: https:\/\/acme-v02\./);
  assert.equal(rendered().match(/trustedIPs: \[\]/g)?.length, 2);
});

test('start.sh refuses to start without a mailbox, or with a CA that there is not', async () => {
  assert.match((await render({})).stderr, /ACME_EMAIL/);
  const unknown = await render({ ACME_EMAIL: 'ops@example.com', ACME_CA: 'test' });
  assert.equal(unknown.status, 78);
  assert.match(unknown.stderr, /ACME_CA/);
});

test('every key of traefik.yml, dynamic.yml and the labels is one that Traefik 3.7 knows', async () => {
  const { read: rendered } = await render({ ACME_EMAIL: 'ops@example.com', EDGE_TRUSTED_IPS: '10.0.0.0/8' });
  const files = [
    ['static', parse(rendered()) as unknown],
    ['dynamic', parse(read('deploy/traefik/dynamic.yml')) as unknown],
  ] as const;
  for (const [name, file] of files) assert.deepEqual(findUnknownKeys(file, knownKeys(name)), [], name);
  const known = knownKeys('labels');
  for (const label of Object.keys(findService('router').labels ?? {})) {
    const general = label.replace(/^(traefik\.http\.(?:routers|services|middlewares))\.[^.]+\./, '$1.*.');
    assert.ok(known.includes(general), label);
  }
});

test('behind proxies the flood limit counts the callers: as many addresses deep as there are proxies before Traefik', () => {
  const { http } = parse(read('deploy/traefik/dynamic.yml')) as {
    http: {
      middlewares: Record<string, { rateLimit?: { sourceCriterion: { ipStrategy: { depth: number } } } }>;
    };
  };
  const depths = [1, 2, 3].map(
    (hops) => http.middlewares[`flood-limit-${hops}`]?.rateLimit?.sourceCriterion.ipStrategy.depth,
  );
  assert.deepEqual(depths, [0, 1, 2]);
});

test('the stack of Swarm asks the same of Traefik as Compose does, but for the name of its provider', async () => {
  const swarm = readCompose('deploy/swarm/docker-stack.yml').services['router']?.deploy?.labels ?? {};
  const asProvider = ([name, value]: [string, string]) => [
    name.replace('traefik.docker.', 'traefik.swarm.'),
    value,
  ];
  assert.deepEqual(
    swarm,
    Object.fromEntries(Object.entries(findService('router').labels ?? {}).map(asProvider)),
  );
  const { read: rendered } = await render({ ACME_EMAIL: 'ops@example.com', PROVIDER: 'swarm' });
  const { providers } = parse(rendered()) as { providers: Record<string, { network?: string }> };
  assert.equal(providers['docker'], undefined);
  assert.equal(providers['swarm']?.network, 'blockbot-web');
  assert.equal((await render({ ACME_EMAIL: 'ops@example.com', PROVIDER: 'nomad' })).status, 78);
});

test('where nobody is there the edge answers to the same requests as where somebody is, after everybody else', () => {
  const { http } = parse(read('deploy/traefik/dynamic.yml')) as {
    http: {
      routers: Record<string, { rule: string; priority: number }>;
      services: Record<string, { loadBalancer: { servers: unknown[] } }>;
    };
  };
  const rule = findService('router').labels?.['traefik.http.routers.blockbot.rule'];
  assert.equal(http.routers['nobody']?.rule.replace('{{ env "DOMAIN" }}', '${DOMAIN}'), rule);
  // Of two alike Traefik takes either.
  const served = Number(findService('router').labels?.['traefik.http.routers.blockbot.priority']);
  assert.ok((http.routers['nobody']?.priority ?? NaN) < served);
  assert.deepEqual(http.services['nobody']?.loadBalancer.servers, []);
  for (const file of ['docker-compose.prod.yml', 'deploy/swarm/docker-stack.yml'])
    assert.equal(readCompose(file).services['traefik']?.environment?.['DOMAIN'], '${DOMAIN}', file);
  // traefik/traefik#13261
  assert.doesNotMatch(read('traefik.yml'), /allowEmptyServices: true/);
});

test('labels name middlewares that dynamic.yml has, and entry points that traefik.yml has', async () => {
  const labels = findService('router').labels ?? {};
  const { http } = parse(read('deploy/traefik/dynamic.yml')) as {
    http: { middlewares: Record<string, unknown> };
  };
  const { entryPoints } = parse((await render({ ACME_EMAIL: 'ops@example.com' })).read()) as {
    entryPoints: Record<string, unknown>;
  };
  for (const [label, value] of Object.entries(labels)) {
    if (label.endsWith('.middlewares')) {
      for (const name of value.replace('${TRUSTED_PROXY_HOPS:-1}', '1').split(','))
        assert.ok(name.replace(/@file$/, '') in http.middlewares, name);
    }
    if (label.endsWith('.entrypoints')) assert.ok(value in entryPoints, value);
  }
});

test('a router that stops is left by the edge before it closes, and is given the time to', () => {
  const labels = findService('router').labels ?? {};
  const seconds = (name: string) =>
    Number.parseInt(labels[`traefik.http.services.blockbot.loadbalancer.healthcheck.${name}`] ?? '', 10);
  const drain = Number(findService('router').environment?.['DRAIN_DELAY_MS']?.match(/\d+/)?.[0]) / 1000;
  const throttle = Number.parseInt(
    read('traefik.yml').match(/providersThrottleDuration: (\d+)s/)?.[1] ?? '',
    10,
  );
  assert.ok(seconds('interval') + seconds('timeout') + throttle < drain);
  // 15 s for what is under way, and some to close the pools.
  assert.ok(Number.parseInt(findService('router').stop_grace_period ?? '', 10) >= drain + 15 + 5);
});

test('the edge gives a connection up before the router does', () => {
  const idle = Number.parseInt(read('traefik.yml').match(/idleConnTimeout: (\d+)s/)?.[1] ?? '', 10);
  const kept =
    Number(
      read('hosts/node/server.ts')
        .match(/keepAliveTimeout: ([\d_]+)/)?.[1]
        ?.replace('_', ''),
    ) / 1000;
  assert.ok(idle < kept, `${idle} < ${kept}`);
});
