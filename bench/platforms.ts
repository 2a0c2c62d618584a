/** Start to first answer and memory, per runtime and function, beside better-auth bundled for the same job. Long because each runtime has a way of its own to be started. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabaseClient } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { createPrivateKey } from '../lib/security/jwt.ts';
import { scrypt } from '../lib/security/scrypt.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { createUuid } from '../lib/core/uuid.ts';
import { currentNodeVersion, findCurrentNode } from '../test/platforms/current-node.ts';
import { toModules } from '../test/platforms/workerd.ts';
import { freePort } from '../test/support/redis-server.ts';
import { makePeer, peerVersion } from './platforms/better-auth.ts';
import { spawnQuietly, untilAnswered } from './platforms/process.ts';
import { median } from './median.ts';
import { readProcessorTime } from './processor-time.ts';
import { readMemory } from './resident-memory.ts';

const usage = `Usage: npm run bench:platforms

Prints, for each runtime, milliseconds from spawn to the first answer, of the processor up to then, and to the first sign-in, and
the memory resident after it: some functions alone, all of them in the router, and better-auth (fetched from npm once) over the
same Postgres. Medians of seven starts each, in turn; the last column is better-auth's figures divided by ours.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

const starts = 7;
const account = { EMAIL: 'ada@example.com', PASSWORD: 'correct horse battery staple' };
const modules = join(process.cwd(), 'node_modules');
const workerd = join(
  modules,
  `@cloudflare/workerd-linux-${process.arch === 'arm64' ? 'arm64' : '64'}/bin/workerd`,
);
const deno = join(modules, '@deno/linux-x64-glibc/deno');
const bun = join(modules, 'bun/bin/bun.exe');
const currentNode = findCurrentNode();

interface Contestant {
  readonly title: string;
  readonly file: string;
  /** A path that answers without a database, whatever it says. */
  readonly cheap: string;
  /** Where it signs in, if it does. */
  readonly signIn?: string;
}

interface Figures {
  readonly firstMs: number;
  /** Of the processor, up to then. */
  readonly firstProcessorMs: number;
  readonly signInMs: number;
  readonly megabytes: number;
}

// Inside the checkout, where the router finds its native packages.
const out = mkdtempSync(join(modules, '.blockbot-bench-'));
const dataDir = mkdtempSync(join(tmpdir(), 'blockbot-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
try {
  await main();
} finally {
  await postgres.stop();
  rmSync(out, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

async function main(): Promise<void> {
  await prepareAccount();
  const peer = await makePeer(postgres.url, account);
  run('scripts/build.ts', 'router', '--quiet', '--out', out);
  const functions = ['health/live', 'me/read', 'sessions/login'];
  const targets = ['node', 'deno', 'bun', 'cloudflare'].flatMap((name) => ['--target', name]);
  run(
    'scripts/bundle.ts',
    '--quiet',
    '--out',
    out,
    ...targets,
    ...functions.flatMap((name) => ['--only', name]),
  );

  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: postgres.url,
    PUBLIC_URL: 'http://127.0.0.1:1',
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a secret of the bench that is long enough for all of them',
    LOG_LEVEL: 'error',
  };
  const ours = (target: string): Contestant[] =>
    functions.map((name) => ({
      title: name,
      file: join(out, target, name.replace('/', '-'), 'index.mjs'),
      cheap: name === 'health/live' ? '/health/live' : '/nobody/home',
      ...(name === 'sessions/login' && { signIn: '/v1/auth/login' }),
    }));
  const router: Contestant = {
    title: 'the router',
    file: join(out, 'router/hosts/node/main.js'),
    cheap: '/health/live',
    signIn: '/v1/auth/login',
  };
  const theirs = (runtime: 'node' | 'deno' | 'bun'): Contestant => ({
    title: 'better-auth',
    file: peer.files[runtime],
    cheap: '/api/auth/ok',
    signIn: '/api/auth/sign-in/email',
  });

  const loginBytes = statSync(join(out, 'bun/sessions-login/index.mjs')).size;
  console.log(
    `${peerVersion}: ${kilobytes(peer.bytes)} minified for Bun; sessions/login: ${kilobytes(loginBytes)}`,
  );
  console.log('| runtime | what | first answer | processor | first sign-in | memory | better-auth / this |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const nodes = [process.execPath, ...(currentNode && currentNode !== process.execPath ? [currentNode] : [])];
  for (const node of nodes) {
    const version = node === process.execPath ? process.versions.node : currentNodeVersion;
    const start = (file: string, port: number) =>
      spawnQuietly(node, [file], { ...env, HOST: '127.0.0.1', PORT: String(port) });
    await compare(`Node ${version}`, start, [...ours('node'), router, theirs('node')]);
  }
  if (existsSync(deno)) {
    const permissions = ['--allow-net', '--allow-env', '--allow-sys', '--allow-read'];
    const start = (file: string, port: number) =>
      spawnQuietly(
        deno,
        [
          'serve',
          '--quiet',
          '--no-config',
          ...permissions,
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
          file,
        ],
        env,
      );
    await compare('Deno', start, [...ours('deno'), theirs('deno')]);
  }
  if (existsSync(bun)) {
    const start = (file: string, port: number) => spawnQuietly(bun, [file], { ...env, PORT: String(port) });
    await compare('Bun', start, [...ours('bun'), theirs('bun')]);
  }
  if (existsSync(workerd)) {
    const start = (file: string, port: number) =>
      spawnQuietly(workerd, ['serve', toWorkerdConfig(file, port, env)], {});
    await compare('workerd', start, ours('cloudflare'));
  }
}

/** Its hash is scrypt's, which every runtime verifies by native code, as better-auth does with its own. */
async function prepareAccount(): Promise<void> {
  await migrate(postgres.url, new URL('../db/migrations/', import.meta.url));
  const database = createDatabaseClient({ url: postgres.url });
  const hash = await scrypt.hash(account.PASSWORD);
  await database.sql`
    insert into users (id, email, password_hash, email_verified_at) values (${createUuid()}, ${account.EMAIL}, ${hash}, now())`;
  await database.close();
}

type Start = (file: string, port: number) => ChildProcess;

/** In turn, so that whatever else the machine does is met by all of them. */
async function compare(runtime: string, start: Start, contestants: readonly Contestant[]): Promise<void> {
  const figures = new Map<string, Figures[]>(contestants.map(({ title }) => [title, []]));
  for (let nth = 0; nth < starts; nth++) {
    for (const contestant of contestants)
      figures.get(contestant.title)?.push(await measure(start, contestant));
  }
  const middle = (title: string, figure: keyof Figures) =>
    median((figures.get(title) ?? []).map((each) => each[figure]));
  for (const { title, signIn } of contestants) {
    const first = middle(title, 'firstMs');
    const processor = middle(title, 'firstProcessorMs');
    const total = middle(title, 'signInMs');
    const memory = middle(title, 'megabytes');
    const isPeer = title === 'better-auth';
    const ratio = (figure: keyof Figures) =>
      (middle('better-auth', figure) / middle(title, figure)).toFixed(1);
    const ratios = [
      ratio('firstMs'),
      ratio('firstProcessorMs'),
      ...(signIn === undefined ? [] : [ratio('signInMs')]),
      ratio('megabytes'),
    ];
    const compared = isPeer || !figures.has('better-auth') ? '' : ratios.join(', ');
    const signedIn = signIn === undefined ? '' : `${total.toFixed(0)} ms`;
    console.log(
      `| ${runtime} | ${title} | ${first.toFixed(0)} ms | ${processor.toFixed(0)} ms | ${signedIn} | ${memory.toFixed(0)} MB | ${compared} |`,
    );
  }
}

async function measure(start: Start, { file, cheap, signIn }: Contestant): Promise<Figures> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = start(file, port);
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilAnswered(`${url}${cheap}`, child);
    const firstMs = performance.now() - startedAt;
    const firstProcessorMs = readProcessorTime(child.pid ?? Number.NaN) / 1000;
    if (signIn !== undefined) {
      const body = JSON.stringify({ email: account.EMAIL, password: account.PASSWORD });
      // better-auth wants the origin of its own base URL; sent to all alike.
      const headers = { 'Content-Type': 'application/json', Origin: 'http://127.0.0.1:1' };
      const response = await fetch(`${url}${signIn}`, { method: 'POST', body, headers });
      if (response.status !== 200) throw new Error(`${file}: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    }
    return {
      firstMs,
      firstProcessorMs,
      signInMs: performance.now() - startedAt,
      megabytes: readMemory(child.pid),
    };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

function toWorkerdConfig(file: string, port: number, env: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(env).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  const config = join(out, 'worker.capnp');
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "local", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]);
const worker :Workerd.Worker = (
  modules = [${toModules(file, out).join(', ')}],
  compatibilityDate = "2026-11-01", bindings = [${bindings.join(', ')}]);
`,
  );
  return config;
}

function run(...script: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...script], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script.join(' ')}: ${stderr}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
