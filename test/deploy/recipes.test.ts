/** The files of docs/recipes.md: keys that their platforms know, variables that the router knows, and what all of them share. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { readConnectionString } from '../../lib/core/connection-string-variable.ts';
import { environmentVariables, parseEnvironment } from '../../lib/core/env.ts';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { findService } from '../support/compose-file.ts';
import { findUnknownKeys, readKeys } from '../support/known-keys.ts';

const folder = 'deploy/recipes';
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

interface Variable {
  readonly name?: string;
  readonly key?: string;
  readonly value?: string;
}

interface CloudRun {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly [{ readonly env: Variable[] }] } };
  };
}

interface Render {
  readonly services: readonly [{ readonly envVars: Variable[]; readonly [key: string]: unknown }];
}

interface Panel {
  readonly services: {
    readonly router: { readonly environment: Readonly<Record<string, string>> };
  } & Readonly<Record<string, { readonly image: string }>>;
}

const fly = parseToml(read('fly.toml')) as { readonly env: Readonly<Record<string, string>> };
const render = parseYaml(read('render.yaml')) as Render;
const cloudRun = parseYaml(read('cloud-run.yaml')) as CloudRun;
const panel = parseYaml(read('panel.compose.yml'), { merge: true }) as Panel;
const units = readdirSync(join(folder, 'quadlet'));

const fromList = (variables: readonly Variable[]) =>
  Object.fromEntries(variables.map(({ name, key = name ?? '', value }) => [key, value]));
const fromUnit = (unit: string) =>
  Object.fromEntries(
    [...unit.matchAll(/(?:^Environment="?| )([A-Z_]+)=((?:[^\s"]| (?![A-Z_]+=))+)/gm)].map(
      ([, name = '', value]) => [name, value],
    ),
  );

/** Of each, what its router is given; undefined is what the platform fills in. */
const environments: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  // Its secrets are set by `fly secrets set`, which docs/recipes.md has.
  'fly.toml': { ...fly.env, ...fromCommand(/^fly secrets set (.+?)\n\S/ms) },
  'render.yaml': fromList(render.services[0].envVars),
  'cloud-run.yaml': fromList(cloudRun.spec.template.spec.containers[0].env),
  'panel.compose.yml': panel.services.router.environment,
  quadlet: fromUnit(read('quadlet/blockbot.container')),
  // All of them stand in the panel.
  'railway.json': fromCommand(/^railway variables (.+?)\n\S/ms),
};

/** `NAME=...` in a block of the page. */
function fromCommand(command: RegExp): Readonly<Record<string, undefined>> {
  const [, text = assert.fail(`${command} is not in docs/recipes.md`)] =
    command.exec(readFileSync('docs/recipes.md', 'utf8')) ?? [];
  return Object.fromEntries(
    [...text.matchAll(/\b([A-Z][A-Z_]+)=/g)].map(([, name = '']) => [name, undefined]),
  );
}

test('every key of a recipe is one that its platform knows', () => {
  for (const [name, file] of [
    ['fly', fly],
    ['render', render],
    ['cloud-run', cloudRun],
    ['railway', JSON.parse(read('railway.json')) as unknown],
  ] as const)
    assert.deepEqual(findUnknownKeys(file, readKeys(`test/recipe-keys/${name}.txt`)), [], name);
  const misspelt = parseToml(read('fly.toml').replace('release_command', 'release_comand'));
  assert.deepEqual(findUnknownKeys(misspelt, readKeys('test/recipe-keys/fly.txt')), [
    'deploy.release_comand',
  ]);
});

test('with what a recipe gives it, and with the secrets that it names, a router starts', async () => {
  const secrets: Readonly<Record<string, string>> = {
    DATABASE_URL: 'postgres://blockbot:password@postgres/blockbot',
    REDIS_URL: 'redis://redis:6379',
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a-token-secret-of-40-characters-00000001',
    HEALTH_TOKEN: 'a-health-token-of-40-characters-00000001',
    RESEND_API_KEY: 're_a-key',
    PUBLIC_URL: 'https://api.example.com',
    MAIL_FROM: 'Example <hello@example.com>',
    TRUSTED_PROXY_HOPS: '1',
    METRICS_PORT: '9464',
    SMTP_URL: '',
  };
  const known = Object.keys(environmentVariables);
  for (const [recipe, environment] of Object.entries(environments)) {
    const given = Object.entries(environment).map(([name, value]) => {
      const plain = name.replace(/_FILE$/, '');
      assert.ok(known.includes(plain), `${recipe}: ${name}`);
      const isWritten = value !== undefined && plain === name && !value.includes('${');
      return [plain, isWritten ? value : (secrets[plain] ?? assert.fail(`${recipe}: ${name}`))];
    });
    parseEnvironment(
      { ...(Object.fromEntries(given) as Record<string, string>), NODE_ENV: 'production' },
      { readFile: () => assert.fail('no file is read'), databaseUrl: readConnectionString },
    );
  }
});

test('a recipe migrates before it serves, and its readiness decides', () => {
  for (const name of ['fly.toml', 'railway.json', 'render.yaml', 'panel.compose.yml'])
    assert.match(read(name), /\bmigrate\b/, name);
  for (const name of ['fly.toml', 'railway.json', 'render.yaml', 'cloud-run.yaml'])
    assert.match(read(name), /\/health\/ready/, name);
  assert.match(read('quadlet/blockbot.container'), /^Requires=blockbot-migrate\.service$/m);
});

test('a recipe fits a screen', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.\w+$/.test(name),
  );
  assert.ok(files.length >= 12);
  for (const name of files) assert.ok(read(name).split('\n').length <= 72, name);
});

test('every command of the page can be read by a shell, and every file that it names is there', () => {
  const page = readFileSync('docs/recipes.md', 'utf8');
  for (const [, commands = ''] of page.matchAll(/^```sh\n(.+?)^```$/gms)) {
    const { status, stderr } = spawnSync('bash', ['-n', '-c', commands], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
  for (const [path] of page.matchAll(/deploy\/recipes\/[\w.-]*\w/g)) assert.ok(existsSync(path), path);
});

test('databases of a recipe are the images of production', () => {
  for (const name of ['postgres', 'redis'] as const) {
    const { image } = findService(name);
    assert.equal(panel.services[name]?.image, image);
    assert.match(
      read(`quadlet/blockbot-${name}.container`),
      new RegExp(`^Image=docker.io/library/${image}$`, 'm'),
    );
  }
});

const compose = spawnSync('docker', ['compose', 'version']).status === 0;

test(
  'Compose takes the recipes that are its own',
  { skip: !compose && 'docker compose does not run here' },
  () => {
    const config = (...files: readonly string[]) =>
      spawnSync(
        'docker',
        ['compose', ...files.flatMap((file) => ['--file', file]), 'config', '--format', 'json'],
        {
          encoding: 'utf8',
          env: {
            ...process.env,
            COMPOSE_FILE: '',
            DOMAIN: 'api.example.com',
            ACME_EMAIL: 'ops@example.com',
            MAIL_FROM: 'hello@example.com',
            BLOCKBOT_IMAGE: 'registry.example.com/blockbot:1',
            POSTGRES_PASSWORD: 'a',
            REDIS_PASSWORD: 'b',
            JWT_PRIVATE_KEYS: '{}',
            TOKEN_SECRET: 'c',
            XDG_RUNTIME_DIR: '/run/user/1000',
          },
        },
      );
    const { status, stderr } = config(`${folder}/panel.compose.yml`);
    assert.equal(status, 0, stderr);
    const rootless = config('docker-compose.prod.yml', `${folder}/rootless.compose.yml`);
    assert.equal(rootless.status, 0, rootless.stderr);
    const { services } = JSON.parse(rootless.stdout) as {
      services: Record<string, { volumes: { source: string }[] }>;
    };
    assert.deepEqual(
      services['socket-proxy']?.volumes.map(({ source }) => source),
      ['/run/user/1000/docker.sock'],
    );
  },
);

const quadlet = ['/usr/libexec/podman/quadlet', '/usr/lib/podman/quadlet', process.env['QUADLET'] ?? ''].find(
  (path) => path !== '' && existsSync(path),
);

test(
  'Podman makes a service of each unit, and all that they need is among them',
  { skip: quadlet === undefined && "Podman's quadlet (4.4 or newer) is not installed" },
  () => {
    const { status, stdout, stderr } = spawnSync(quadlet ?? '', ['-dryrun'], {
      encoding: 'utf8',
      env: { QUADLET_UNIT_DIRS: join(process.cwd(), folder, 'quadlet') },
    });
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /unsupported|error|converting/i);
    const made = [...stdout.matchAll(/^---(\S+)---$/gm)].map(([, name = '']) => name);
    assert.equal(made.length, units.length);
    for (const [, needed = ''] of stdout.matchAll(/^(?:Requires|Wants)=(blockbot\S*)$/gm))
      assert.ok(made.includes(needed), needed);
  },
);
