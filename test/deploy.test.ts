/** What a deployment reads, checked without an engine. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { findService, production, readCompose } from './support/compose-file.ts';

const read = (path: string) => readFileSync(path, 'utf8');

test('the stack of Swarm gives the router every secret and setting that Compose gives it', () => {
  const swarm = readCompose('deploy/swarm/docker-stack.yml').services['router'];
  assert.deepEqual([...(swarm?.secrets ?? [])].sort(), [...(findService('router').secrets ?? [])].sort());
  const names = Object.keys(findService('router').environment ?? {}).sort();
  assert.deepEqual(Object.keys(swarm?.environment ?? {}).sort(), names);
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

/** No registry was at hand when these came; renovate.json has their digests added. */
const notLookedUp = ['restic/restic', 'grafana/loki', 'timberio/vector', 'twinproduction/gatus'];

test('every foreign image of production is pinned by version and digest, and the base of our own', () => {
  const swarm = readCompose('deploy/swarm/docker-stack.yml');
  for (const { image = '' } of [production, swarm].flatMap(({ services }) => Object.values(services))) {
    if (image.startsWith('${BLOCKBOT_IMAGE')) continue;
    const [name = ''] = image.split(':');
    const digest = notLookedUp.includes(name) ? '(@sha256:[0-9a-f]{64})?' : '@sha256:[0-9a-f]{64}';
    assert.match(image, new RegExp(`:v?\\d[^@]*${digest}$`));
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
  const { status, stdout, error } = spawnSync('shellcheck', [...scripts, 'blockbot', '.ci/run'], {
    encoding: 'utf8',
  });
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
