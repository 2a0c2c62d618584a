/** What a deployment reads, checked without an engine: names against Traefik's own references, and figures that belong together. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { makeTemporaryFolder } from './support/folder.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const knownKeys = (name: string) =>
  read(`test/traefik-keys/${name}.txt`)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly stop_grace_period?: string;
  readonly logging?: unknown;
  readonly deploy?: { readonly labels?: Readonly<Record<string, string>> };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

const readCompose = (path: string) => parse(read(path), { merge: true }) as ComposeFile;
const production = readCompose('docker-compose.prod.yml');
const find = (name: string): Service =>
  production.services[name] ?? assert.fail(`there is no service ${name}`);

/** traefik.yml as Traefik gets it. */
async function render(env: Readonly<Record<string, string>>) {
  const rendered = join(await makeTemporaryFolder(), 'traefik.yml');
  const { status, stderr } = spawnSync('sh', ['deploy/traefik/start.sh', '--render'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], TRAEFIK_TEMPLATE: 'traefik.yml', TRAEFIK_RENDERED: rendered, ...env },
  });
  return { status, stderr, read: () => read(rendered) };
}

/** `entryPoints.*.address`, for every leaf; a list is its items. */
function* toPaths(value: unknown, path: string, known: readonly string[]): Generator<string> {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) yield path;
    else for (const item of value) yield* toPaths(item, path, known);
  } else if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) {
      const named = path === '' ? key : `${path}.${key}`;
      const free = `${path}.*`;
      const isKnown = known.some((one) => one === named || one.startsWith(`${named}.`));
      const isFree = known.some((one) => one === free || one.startsWith(`${free}.`));
      yield* toPaths(inner, !isKnown && isFree ? free : named, known);
    }
  } else yield path;
}

const isKnownKey = (path: string, known: readonly string[]) =>
  known.some((one) => one === path || one.startsWith(`${path}.`));

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
  for (const [name, file] of files) {
    const known = knownKeys(name);
    for (const path of toPaths(file, '', known)) assert.ok(isKnownKey(path, known), `${name}: ${path}`);
  }
  const known = knownKeys('labels');
  for (const label of Object.keys(find('router').labels ?? {})) {
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
  assert.deepEqual(swarm, Object.fromEntries(Object.entries(find('router').labels ?? {}).map(asProvider)));
  const { read: rendered } = await render({ ACME_EMAIL: 'ops@example.com', PROVIDER: 'swarm' });
  const { providers } = parse(rendered()) as { providers: Record<string, { network?: string }> };
  assert.equal(providers['docker'], undefined);
  assert.equal(providers['swarm']?.network, 'blockbot-web');
  assert.equal((await render({ ACME_EMAIL: 'ops@example.com', PROVIDER: 'nomad' })).status, 78);
});

test('the stack of Swarm gives the router every secret and setting that Compose gives it', () => {
  const swarm = readCompose('deploy/swarm/docker-stack.yml').services['router'];
  assert.deepEqual([...(swarm?.secrets ?? [])].sort(), [...(find('router').secrets ?? [])].sort());
  const names = Object.keys(find('router').environment ?? {}).sort();
  assert.deepEqual(Object.keys(swarm?.environment ?? {}).sort(), names);
});

test('labels name middlewares that dynamic.yml has, and entry points that traefik.yml has', async () => {
  const labels = find('router').labels ?? {};
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
  const labels = find('router').labels ?? {};
  const seconds = (name: string) =>
    Number.parseInt(labels[`traefik.http.services.blockbot.loadbalancer.healthcheck.${name}`] ?? '', 10);
  const drain = Number(find('router').environment?.['DRAIN_DELAY_MS']?.match(/\d+/)?.[0]) / 1000;
  const throttle = Number.parseInt(
    read('traefik.yml').match(/providersThrottleDuration: (\d+)s/)?.[1] ?? '',
    10,
  );
  assert.ok(seconds('interval') + seconds('timeout') + throttle < drain);
  // 15 s for what is under way, and some to close the pools.
  assert.ok(Number.parseInt(find('router').stop_grace_period ?? '', 10) >= drain + 15 + 5);
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

test("Postgres' data is mounted where its version keeps it", () => {
  for (const file of ['docker-compose.yml', 'docker-compose.prod.yml']) {
    const { image = '', volumes = [] } = readCompose(file).services['postgres'] ?? {};
    const version = Number(image.match(/postgres:(\d+)/)?.[1]);
    const path = version >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
    assert.ok(volumes.includes(`postgres-data:${path}`), `${file}: ${image}`);
  }
});

test('what is edited or pulled while a container runs is mounted by its folder, or the container would keep the old file', () => {
  const mounts = Object.values(production.services).flatMap(({ volumes = [] }) => volumes);
  const ours = mounts
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((source) => /^\.\/(?!\$)/.test(source));
  assert.ok(ours.length >= 6);
  const files = ours.filter((source) => statSync(source).isFile());
  // Its reader is started anew for a change of it in any case.
  assert.deepEqual(files, ['./traefik.yml']);
});

test('only the edge is published to the world', () => {
  const { services } = readCompose('docker-compose.yml');
  for (const [name, { ports = [] }] of Object.entries({ ...production.services, ...services })) {
    if (name !== 'traefik') for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name);
  }
});

test('every foreign image of production is pinned by version and digest, and the base of our own', () => {
  const swarm = readCompose('deploy/swarm/docker-stack.yml');
  for (const { image = '' } of [production, swarm].flatMap(({ services }) => Object.values(services))) {
    if (!image.startsWith('${BLOCKBOT_IMAGE')) assert.match(image, /:v?\d[^@]*@sha256:[0-9a-f]{64}$/);
  }
  assert.match(read('Dockerfile'), /^ARG NODE_IMAGE=node:\d+-[a-z]+-slim@sha256:[0-9a-f]{64}$/m);
  assert.doesNotMatch(read('Dockerfile'), /^# *syntax=/m);
});

test('the image is given every folder that its build reads', async () => {
  const { metafile } = await build({
    entryPoints: ['scripts/build.ts'],
    outdir: 'unwritten',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  });
  const given = new Set([...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name));
  for (const path of Object.keys(metafile.inputs)) assert.ok(given.has(path.split('/')[0]), path);
});

test('every secret is a file that a service uses, and .env.example names every variable', () => {
  const used = new Set(Object.values(production.services).flatMap(({ secrets = [] }) => secrets));
  assert.deepEqual([...used].sort(), Object.keys(production.secrets ?? {}).sort());
  const example = new Set([...read('.env.example').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name));
  const variables = new Set(
    [...read('docker-compose.prod.yml').matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g)].map(([, name]) => name),
  );
  // What scripts/deploy.sh says to a build is no setting.
  variables.delete('GIT_SHA');
  assert.deepEqual([...example].sort(), [...variables].sort());
});

test('shell scripts have nothing that shellcheck minds', (context) => {
  const scripts = ['scripts', 'deploy']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.sh'));
  const { status, stdout, error } = spawnSync('shellcheck', [...scripts, '.ci/run'], { encoding: 'utf8' });
  if (error) return context.skip('shellcheck is not installed');
  assert.equal(status, 0, stdout);
});

test('Compose files have nothing that a linter minds', () => {
  const given = [
    // The order here tells a story: from the world to the data.
    'service-keys-order',
    'top-level-properties-order',
    'services-alphabetical-order',
    // The edge is for the world; an image that is built here has a name all the same.
    'no-unbound-port-interfaces',
    'no-build-and-image',
    'service-image-require-explicit-tag',
  ];
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      'node_modules/dclint/bin/dclint.cjs',
      '--max-warnings',
      '0',
      'docker-compose.yml',
      'docker-compose.prod.yml',
    ].concat(given.flatMap((rule) => ['--disable-rule', rule])),
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});
