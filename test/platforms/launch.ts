/** Starts what the contract runs against: every function of a target by itself, in the runtime that it is for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ContractTarget } from './contract.ts';

export type RuntimeTarget = 'cloudflare' | 'deno' | 'bun' | 'lambda' | 'vercel' | 'netlify';

export interface Launched extends ContractTarget {
  readonly process: ChildProcess;
  /** What it wrote to standard error and output so far, for a failed test. */
  readonly said: () => string;
  readonly close: () => Promise<void>;
}

export interface LaunchOptions {
  /** Where `npm run bundle` wrote this target. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The Node that runs the handlers of Lambda, Vercel and Netlify. */
  readonly node?: string;
}

const { resolve } = createRequire(import.meta.url);
const server = fileURLToPath(new URL('serve-bundles.ts', import.meta.url));

/** A file of a package that not every platform has; undefined where it is not installed. */
function findBinary(name: string, file: string): string | undefined {
  try {
    const path = join(dirname(resolve(`${name}/package.json`)), file);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

const cpu = process.arch === 'x64' ? '64' : process.arch;
const binaries = {
  cloudflare: findBinary(`@cloudflare/workerd-${process.platform}-${cpu}`, 'bin/workerd'),
  deno: findBinary(`@deno/${process.platform}-${process.arch}-glibc`, 'deno'),
  bun: findBinary('bun', 'bin/bun.exe'),
} as const;

/** Why a target can't be run here, or false. */
export function withoutRuntime(target: RuntimeTarget): string | false {
  return target in binaries && binaries[target as keyof typeof binaries] === undefined
    ? `npm has no ${target} runtime for ${process.platform} on ${process.arch}`
    : false;
}

/** @throws {Error} with what it said when it ends instead of listening */
export async function launch(target: RuntimeTarget, { folder, env, node }: LaunchOptions): Promise<Launched> {
  const [command, args] = toCommand(target, { folder, env, ...(node !== undefined && { node }) });
  const child = spawn(command, args, {
    // Workers get their environment as bindings, and nothing of the process's.
    env: { PATH: process.env['PATH'], DENO_NO_PACKAGE_JSON: '1', ...(target !== 'cloudflare' && env) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-20_000));
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const exited = once(child, 'exit');
  const ports = await Promise.race([
    target === 'cloudflare' ? readSockets(child, folder) : readPorts(child),
    exited.then(([code]) => {
      throw new Error(`${target} ended with ${String(code)}: ${said}`);
    }),
  ]);
  // Reading lines of it has paused it, and a pipe that nobody reads stops whoever writes to it.
  child.stdout?.resume();
  return {
    alone: true,
    originOf: (name) => `http://127.0.0.1:${ports.get(name) ?? 1}`,
    toClientHeaders: clientHeaders[target],
    process: child,
    said: () => said,
    close: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The router with all functions, as `npm run build` made it. */
export async function launchRouter({
  folder,
  env,
  node = process.execPath,
}: LaunchOptions): Promise<Launched> {
  const child = spawn(node, [join(folder, 'hosts/node/main.js')], {
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: '0',
      DRAIN_DELAY_MS: '0',
      ...env,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const exited = once(child, 'exit');
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-20_000);
      const [, listening] = said.match(/"message":"listening".*"port":(\d+)/) ?? [];
      if (listening !== undefined) resolve(listening);
    });
    child.once('exit', (code) => {
      reject(new Error(`the router ended with ${String(code)}: ${said}`));
    });
  });
  return {
    alone: false,
    originOf: () => `http://127.0.0.1:${port}`,
    toClientHeaders: (address) => ({ 'X-Forwarded-For': address }),
    process: child,
    said: () => said,
    close: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const clientHeaders: Readonly<Record<RuntimeTarget, (address: string) => Readonly<Record<string, string>>>> =
  {
    cloudflare: (address) => ({ 'CF-Connecting-IP': address }),
    deno: (address) => ({ 'X-Forwarded-For': address }),
    bun: (address) => ({ 'X-Forwarded-For': address }),
    lambda: (address) => ({ 'X-Client-Of-The-Test': address }),
    vercel: (address) => ({ 'X-Vercel-Forwarded-For': address }),
    netlify: (address) => ({ 'X-Client-Of-The-Test': address }),
  };

function toCommand(
  target: RuntimeTarget,
  { folder, env, node = process.execPath }: LaunchOptions,
): readonly [string, string[]] {
  switch (target) {
    case 'cloudflare': {
      const config = join(folder, 'workerd.capnp');
      writeFileSync(config, toWorkerdConfig(readNames(folder), env));
      return [binaries.cloudflare ?? 'workerd', ['serve', '--control-fd=3', config]];
    }
    case 'deno':
      return [
        binaries.deno ?? 'deno',
        ['run', '--quiet', '--no-config', '--allow-all', server, target, folder],
      ];
    case 'bun':
      return [binaries.bun ?? 'bun', [server, target, folder]];
    default:
      return [node, ['--import', 'tsx', server, target, folder]];
  }
}

interface Route {
  readonly function: string;
  readonly file: string;
}

function readNames(folder: string): readonly Route[] {
  return JSON.parse(readFileSync(join(folder, 'routes.json'), 'utf8')) as readonly Route[];
}

/** An isolate and a socket for each function, with text bindings, as `wrangler deploy` would give them. */
function toWorkerdConfig(routes: readonly Route[], env: Readonly<Record<string, string>>): string {
  const text = (value: string) => JSON.stringify(value);
  const bindings = Object.entries(env)
    .map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`)
    .join(', ');
  const services = routes.map(
    ({ function: name, file }) => `(name = ${text(name)}, worker = (
      modules = [(name = "index.mjs", esModule = embed ${text(file)})],
      compatibilityDate = "2026-11-01", compatibilityFlags = ["nodejs_compat"], bindings = [${bindings}]))`,
  );
  const sockets = routes.map(
    ({ function: name }) =>
      `(name = ${text(name)}, address = "127.0.0.1:0", http = (), service = ${text(name)})`,
  );
  // Postgres and Redis are on this machine, where a Worker may not look unless it is told so.
  const internet = '(name = "internet", network = (allow = ["public", "local", "private"]))';
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${[internet, ...services].join(',\n')}],
  sockets = [${sockets.join(',\n')}]
);
`;
}

/** workerd tells every socket on its control channel when it listens. */
async function readSockets(child: ChildProcess, folder: string): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  const wanted = readNames(folder).length;
  for await (const line of createInterface(child.stdio[3] as Readable)) {
    const { event, socket, port } = JSON.parse(line) as { event: string; socket: string; port: number };
    if (event === 'listen') ports.set(socket, port);
    if (ports.size === wanted) break;
  }
  return ports;
}

async function readPorts(child: ChildProcess): Promise<ReadonlyMap<string, number>> {
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) {
      if (!line.startsWith('{"ports"')) continue;
      const { ports } = JSON.parse(line) as { ports: Readonly<Record<string, number>> };
      return new Map(Object.entries(ports));
    }
  }
  throw new Error('ended without a port');
}
