/** Real runtimes for real artefacts: a bundle, started as its platform starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { after } from 'node:test';
import { makeTemporaryFolder } from '../folder.ts';
import { freePort } from '../redis-server.ts';

export interface Runtime {
  readonly url: string;
  readonly output: () => string;
  /** SIGTERM, and the exit code that it led to. */
  readonly stop: () => Promise<number | null>;
}

export type RuntimeName = 'cloudflare' | 'deno' | 'bun' | 'node';
type Environment = Readonly<Record<string, string>>;

/** The executables themselves: the packages that would choose among them can't be locked where one of theirs is missing. */
const executables = {
  cloudflare: `@cloudflare/workerd-linux-${process.arch === 'arm64' ? 'arm64' : '64'}/bin/workerd`,
  deno: '@deno/linux-x64-glibc/deno',
  bun: 'bun/bin/bun.exe',
};

const toPath = (name: keyof typeof executables) => join(process.cwd(), 'node_modules', executables[name]);

export const isInstalled = (name: RuntimeName) => name === 'node' || existsSync(toPath(name));

/** Answers when it listens; killed by itself when the test file ends. */
export async function startRuntime(name: RuntimeName, file: string, env: Environment): Promise<Runtime> {
  const port = await freePort();
  const child = await spawners[name](file, port, env);
  after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url, exited, () => output);
  return {
    url,
    output: () => output,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function untilAnswering(url: string, exited: Promise<unknown>, output: () => string): Promise<void> {
  let gone = false;
  void exited.then(() => (gone = true));
  const answers = (): Promise<boolean> =>
    fetch(`${url}/health/live`).then(
      () => true,
      () => false,
    );
  while (!(await answers())) if (gone) throw new Error(`it exited: ${output()}`);
}

type Spawner = (file: string, port: number, env: Environment) => Promise<ChildProcess> | ChildProcess;

const run = (command: string, args: readonly string[], env: Environment) =>
  spawn(command, args, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });

const spawners: Readonly<Record<RuntimeName, Spawner>> = {
  cloudflare: async (file, port, env) => {
    const folder = await makeTemporaryFolder();
    const bindings = Object.entries(env)
      .map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`)
      .join(', ');
    const config = join(folder, 'worker.capnp');
    await writeFile(
      config,
      `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "index.mjs", esModule = embed ${JSON.stringify(relative(folder, file))})],
  compatibilityDate = "2026-11-01",
  bindings = [${bindings}],
);
`,
    );
    return run(toPath('cloudflare'), ['serve', config], {});
  },
  deno: (file, port, env) => {
    const permissions = ['--allow-net', '--allow-env', '--allow-sys'];
    const address = ['--host', '127.0.0.1', '--port', String(port)];
    return run(toPath('deno'), ['serve', ...permissions, ...address, file], {
      DENO_NO_UPDATE_CHECK: '1',
      ...env,
    });
  },
  bun: (file, port, env) => run(toPath('bun'), [file], { PORT: String(port), ...env }),
  node: (file, port, env) => run(process.execPath, [file], { HOST: '127.0.0.1', PORT: String(port), ...env }),
};
