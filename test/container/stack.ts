/** The production stack of docker-compose.prod.yml on this machine, behind the proxy that there is. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { makeCertificate } from '../support/certificate.ts';
import { call, domain, trust } from './edge-client.ts';
import { docker, edgeKind, images, inspect, type Outcome, run } from './engine.ts';

const here = resolve(import.meta.dirname);

export interface Stack {
  readonly env: Readonly<Record<string, string>>;
  /** Where the files of the tests are: Traefik's folder is `traefik`. */
  readonly files: string;
  /** Where the backups are. */
  readonly backups: string;
  readonly compose: (...args: readonly string[]) => Promise<Outcome>;
  /** The same, and it must end well. */
  readonly mustCompose: (...args: readonly string[]) => Promise<string>;
  /** Ids of the containers of a service. */
  readonly containers: (service: string) => Promise<readonly string[]>;
  /** Rows of one column, as text. */
  readonly sql: (statement: string) => Promise<readonly string[]>;
  /** Down with it, its volumes and its files. */
  readonly remove: () => Promise<void>;
}

/** Whom the operator's files belong to. */
export const operator = 1000;

/** For tests that no load runs through: a router that stops need not wait until the edge has noticed. */
export const unwatched = { DRAIN_DELAY_MS: '1000' };

/**
 * For tests in which a hundred people call from one machine: each says where from, and the edge believes it, as it does
 * behind a CDN. The peers are Docker's bridges.
 */
export const crowd = { EDGE_TRUSTED_IPS: '172.16.0.0/12,192.168.0.0/16', TRUSTED_PROXY_HOPS: '2' };

/** What is changed in docker-compose.prod.yml, by the proxy that there is. */
const changes = {
  'pinned images': ['compose.test.yml', 'compose.traefik.yml'],
  binaries: ['compose.test.yml', 'compose.traefik.yml', 'compose.binaries.yml'],
  'stand-in': ['compose.test.yml', 'compose.stand-in.yml'],
};

/** Makes the files that an operator has; nothing runs yet. */
export async function createStack(env: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'blockbot-stack-'));
  const backups = join(folder, 'backups');
  await Promise.all([
    makeStandIns(folder),
    makeTraefik(folder),
    makeSecrets(join(folder, 'secrets')),
    mkdir(backups),
  ]);
  // The first user of a server, as the guide has it, and not root.
  await chown(backups, operator, operator);
  const engine = new URL(await docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'));
  const variables = {
    DOMAIN: domain,
    ACME_EMAIL: 'ops@blockbot.test',
    MAIL_FROM: 'Blockbot <hello@blockbot.test>',
    REQUIRE_EMAIL_VERIFICATION: 'false',
    // Nobody is there: emails wait, and none leaves this machine.
    RESEND_BASE_URL: 'http://127.0.0.1:9',
    BLOCKBOT_IMAGE: images.current,
    SECRETS_DIR: join(folder, 'secrets'),
    BACKUP_DIR: backups,
    ...env,
    COMPOSE_FILE: ['docker-compose.prod.yml', ...changes[edgeKind].map((file) => `${here}/${file}`)].join(
      ':',
    ),
    TEST_DOCKER_SOCKET: engine.pathname,
    TEST_FILES: folder,
    TEST_NODE_IMAGE: images.base,
  };
  const compose = (...args: readonly string[]) => run('docker', ['compose', ...args], { env: variables });
  const mustCompose = async (...args: readonly string[]) => {
    const { code, output, errors } = await compose(...args);
    assert.equal(code, 0, `docker compose ${args.join(' ')}: ${errors}`);
    return output;
  };
  return {
    env: variables,
    files: folder,
    backups,
    compose,
    mustCompose,
    containers: async (service) => (await mustCompose('ps', '-q', service)).split('\n').filter(Boolean),
    sql: async (statement) =>
      (await mustCompose('exec', '-T', 'postgres', 'psql', '-U', 'blockbot', '-AtXqc', statement)).split(
        '\n',
      ),
    remove: async () => {
      await compose(
        '--profile',
        'backups',
        '--profile',
        'example',
        'down',
        '--volumes',
        '--timeout',
        '1',
        '--remove-orphans',
      );
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Up, healthy, and known to the edge. What the containers said stands in the error if they are not. */
export async function up(stack: Stack, ...args: readonly string[]): Promise<void> {
  const { code, errors } = await stack.compose('up', '-d', '--wait', '--wait-timeout', '120', ...args);
  if (code === 0) {
    if (args.length > 0) return;
    await untilReachable(stack);
    return;
  }
  const { output } = await stack.compose('logs', '--no-color', '--tail', '20');
  assert.fail(`${errors}\n${output}`);
}

/** Waits until the edge knows a router, which it looks for at most once a second, and has a certificate for its name. */
export async function untilReachable(stack: Stack): Promise<void> {
  if (edgeKind !== 'stand-in') trust(await readAuthority(stack));
  const end = Date.now() + 30_000;
  while ((await call('/health/live')).status !== 200) {
    assert.ok(Date.now() < end, 'the edge finds no router');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until every container of the stack that has a health check is healthy. */
export async function untilHealthy(stack: Stack, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const ids = (await stack.mustCompose('ps', '-q')).split('\n');
    const states = await Promise.all(
      ids.map((id) =>
        inspect(id, '{{.Name}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}'),
      ),
    );
    const waiting = states.filter((state) => !state.endsWith(' healthy'));
    if (waiting.length === 0) return;
    assert.ok(Date.now() < end, `not healthy: ${waiting.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function makeStandIns(folder: string): Promise<void> {
  await build({
    entryPoints: {
      ...Object.fromEntries(['edge', 'socket-proxy', 'acme'].map((name) => [name, `${here}/${name}.ts`])),
      service: resolve('examples/service-node/server.js'),
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
}

/** Traefik's folder, Pebble's settings, and what Traefik knows Pebble by. */
async function makeTraefik(folder: string): Promise<void> {
  if (edgeKind === 'stand-in') return;
  await cp('deploy/traefik', join(folder, 'traefik'), { recursive: true });
  for (const [name, host] of [
    ['acme', 'acme-staging-v02.api.letsencrypt.org'],
    ['pebble', 'pebble'],
  ] as const) {
    const { cert, key } = await makeCertificate(host);
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'certificate.pem'), cert);
    await writeFile(join(folder, name, 'key.pem'), key);
  }
  const sixDays = 518_400;
  const pebble = {
    listenAddress: ':14000',
    managementListenAddress: ':15000',
    certificate: '/pebble/certificate.pem',
    privateKey: '/pebble/key.pem',
    httpPort: 80,
    keyAlgorithm: 'ecdsa',
    // Traefik renews 30 days before the end, when it starts and once a day: with these, whenever it starts.
    profiles: { default: { description: 'short-lived', validityPeriod: sixDays } },
  };
  await writeFile(join(folder, 'pebble', 'config.json'), JSON.stringify({ pebble }));
}

/** Whom the certificates are from: Pebble makes its root when it starts. */
export function readAuthority(stack: Stack): Promise<string> {
  const program = `fetch('https://pebble:15000/roots/0').then((answer) => answer.text()).then(console.log)`;
  return stack.mustCompose('exec', '-T', 'acme', 'node', '-e', program);
}

async function makeSecrets(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  const make = () => randomBytes(32).toString('hex');
  const owner = make();
  const app = make();
  const redisUser = make();
  const secrets: Readonly<Record<string, string>> = {
    postgres_password: make(),
    database_owner_password: owner,
    database_owner_url: `postgres://blockbot_owner:${owner}@postgres:5432/blockbot`,
    database_app_password: app,
    database_url: `postgres://blockbot_app:${app}@postgres:5432/blockbot`,
    database_backup_password: make(),
    database_monitor_password: make(),
    redis_password: make(),
    redis_user_password: redisUser,
    redis_url: `redis://blockbot:${redisUser}@redis:6379`,
    redis_rest_token: make(),
    jwt_private_keys: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    token_secret: make(),
    health_token: make(),
    backend_token: '',
    resend_api_key: 're_test',
    smtp_url: '',
    backup_passphrase: make(),
  };
  for (const [name, value] of Object.entries(secrets)) {
    await writeFile(join(folder, name), value);
    await chmod(join(folder, name), 0o444);
  }
}
