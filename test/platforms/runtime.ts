/**
 * Real runtimes for real artefacts: one of them as its platform starts it, every function of a target by itself in one
 * process, or the router.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/redis-server.ts';
import type { ContractTarget } from '../../contract/contract.ts';
import { executableOf } from './executables.ts';
import { type Environment, follow, readPorts, type Runtime, start } from './runtime-process.ts';
import { readSockets, type Worker, writeWorkerdConfig } from './workerd.ts';

/**
 * Workers get their environment as bindings, and nothing of the process's.
 *
 * @param trusted the file of a certificate that is trusted beside those that all trust
 */
export async function startWorkers(
  folder: string,
  workers: readonly Worker[],
  env: Environment,
  trusted?: string,
): Promise<Runtime & { readonly ports: ReadonlyMap<string, number> }> {
  const config = join(folder, 'workerd.capnp');
  writeWorkerdConfig(config, workers, env, trusted);
  const more = workers.some(({ callsHandlers }) => callsHandlers) ? ['--experimental'] : [];
  const child = start(executableOf('cloudflare'), ['serve', '--control-fd=3', ...more, config], {});
  const { runtime, until } = follow(child);
  return { ...runtime, ports: await until(readSockets(child, workers.length)) };
}

type ArtefactTarget = 'cloudflare' | 'deno' | 'bun' | 'node';

/**
 * One artefact by itself, by the command that `docs/platforms.md` names.
 *
 * @param trusted the file of a certificate that is trusted beside those that all trust
 */
export async function startArtefact(
  target: ArtefactTarget,
  file: string,
  env: Environment,
  trusted?: string,
): Promise<Runtime & { readonly url: string }> {
  if (target === 'cloudflare') {
    const { ports, ...runtime } = await startWorkers(dirname(file), [{ name: 'worker', file }], env, trusted);
    return { ...runtime, url: `http://127.0.0.1:${ports.get('worker') ?? 1}` };
  }
  const port = await freePort();
  const [command, args, more] = toCommand(target, file, String(port));
  const trust = trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: trusted, DENO_CERT: trusted };
  const child = start(command, args, { ...more, ...trust, ...env });
  const { runtime, until } = follow(child);
  const url = `http://127.0.0.1:${port}`;
  await until(untilAnswering(url, child));
  return { ...runtime, url };
}

function toCommand(
  target: 'deno' | 'bun' | 'node',
  file: string,
  port: string,
): readonly [string, readonly string[], Environment] {
  switch (target) {
    case 'deno': {
      const permissions = ['--allow-net', '--allow-env', '--allow-sys'];
      const address = ['--host', '127.0.0.1', '--port', port];
      return [
        executableOf('deno'),
        ['serve', ...permissions, ...address, file],
        { DENO_NO_UPDATE_CHECK: '1' },
      ];
    }
    case 'bun':
      return [executableOf('bun'), [file], { PORT: port }];
    case 'node':
      return [process.execPath, [file], { HOST: '127.0.0.1', PORT: port }];
  }
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  const answers = (): Promise<boolean> =>
    fetch(`${url}/health/live`).then(
      () => true,
      () => false,
    );
  while (child.exitCode === null && !(await answers()));
}

/** What the contract can be run against. */
export type Deployment = Runtime & ContractTarget;

export type DeploymentTarget = 'cloudflare' | 'deno' | 'bun' | 'lambda' | 'vercel' | 'netlify';

export interface DeploymentOptions {
  /** Where `npm run bundle` wrote this target, or `npm run build` the router. */
  readonly folder: string;
  readonly env: Environment;
  /** The Node that runs the handlers of Lambda, Vercel and Netlify, and the router. */
  readonly node?: string;
}

const server = fileURLToPath(new URL('serve-bundles.ts', import.meta.url));

/** Every function of a target by itself, in the runtime that it is for. */
export async function startEach(
  target: DeploymentTarget,
  { folder, env, node = process.execPath }: DeploymentOptions,
): Promise<Deployment> {
  const [ports, runtime] =
    target === 'cloudflare' ? await startEveryWorker(folder, env) : await serveBundles(target);
  return {
    ...runtime,
    refusedBy: 'itself',
    originOf: (name) => `http://127.0.0.1:${ports.get(name) ?? 1}`,
    toClientHeaders: clientHeaders[target],
  };

  async function serveBundles(name: Exclude<DeploymentTarget, 'cloudflare'>) {
    const commands = {
      deno: () =>
        [executableOf('deno'), ['run', '--quiet', '--no-config', '--allow-all', server, name]] as const,
      bun: () => [executableOf('bun'), [server, name]] as const,
    };
    const [command, args] =
      name in commands
        ? commands[name as keyof typeof commands]()
        : ([node, ['--import', 'tsx', server, name]] as const);
    const child = start(command, [...args, folder], { DENO_NO_PACKAGE_JSON: '1', ...env });
    const followed = follow(child);
    return [await followed.until(readPorts(child)), followed.runtime] as const;
  }
}

function toWorkers(folder: string): readonly Worker[] {
  const files = new Map(readRoutes(folder).map((route) => [route.function, join(folder, route.file)]));
  return [...files].map(([name, file]) => ({ name, file }));
}

async function startEveryWorker(folder: string, env: Environment) {
  const { ports, ...runtime } = await startWorkers(folder, toWorkers(folder), env);
  return [ports, runtime] as const;
}

/** Every Worker behind the one that knows paths and methods, bound as its `wrangler.jsonc` says. */
export async function startBehindRouter({ folder, env }: DeploymentOptions): Promise<Deployment> {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as WranglerConfig;
  const workers = toWorkers(folder).map((worker) => {
    return { ...worker, deployedAs: read(join(worker.name.replaceAll('/', '-'), 'wrangler.jsonc')).name };
  });
  const bound = (read('router/wrangler.jsonc').services ?? []).map(({ binding, service }) => [
    binding,
    workers.find(({ deployedAs }) => deployedAs === service)?.name ?? service,
  ]);
  const router = {
    name: 'router',
    file: join(folder, 'router/index.mjs'),
    services: Object.fromEntries(bound) as Readonly<Record<string, string>>,
  };
  const { ports, ...runtime } = await startWorkers(folder, [...workers, router], env);
  return {
    ...runtime,
    refusedBy: 'first',
    originOf: () => `http://127.0.0.1:${ports.get('router') ?? 1}`,
    toClientHeaders: clientHeaders.cloudflare,
  };
}

interface WranglerConfig {
  readonly name: string;
  readonly services?: readonly { readonly binding: string; readonly service: string }[];
}

export interface Route {
  readonly function: string;
  readonly file: string;
}

export function readRoutes(folder: string): readonly Route[] {
  return JSON.parse(readFileSync(join(folder, 'routes.json'), 'utf8')) as readonly Route[];
}

/** The router with all functions, as `npm run build` made it. */
export async function startRouter({
  folder,
  env,
  node = process.execPath,
}: DeploymentOptions): Promise<Deployment> {
  const child = start(node, [join(folder, 'hosts/node/main.js')], {
    HOST: '127.0.0.1',
    PORT: '0',
    DRAIN_DELAY_MS: '0',
    ...env,
    LOG_LEVEL: 'info',
  });
  const { runtime, until } = follow(child);
  const port = await until(
    new Promise<string>((resolve) => {
      child.stdout?.on('data', () => {
        const [, listening] = runtime.said().match(/"message":"listening".*"port":(\d+)/) ?? [];
        if (listening !== undefined) resolve(listening);
      });
    }),
  );
  return {
    ...runtime,
    refusedBy: 'all',
    originOf: () => `http://127.0.0.1:${port}`,
    toClientHeaders: (address) => ({ 'X-Forwarded-For': address }),
  };
}

type ToHeaders = (address: string) => Readonly<Record<string, string>>;

const clientHeaders: Readonly<Record<DeploymentTarget, ToHeaders>> = {
  cloudflare: (address) => ({ 'CF-Connecting-IP': address }),
  deno: (address) => ({ 'X-Forwarded-For': address }),
  bun: (address) => ({ 'X-Forwarded-For': address }),
  lambda: (address) => ({ 'X-Client-Of-The-Test': address }),
  vercel: (address) => ({ 'X-Vercel-Forwarded-For': address }),
  netlify: (address) => ({ 'X-Client-Of-The-Test': address }),
};
