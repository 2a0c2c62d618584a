/** The router as it is deployed: built, and run as a process of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

export interface RouterProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Every line on standard output so far. */
  readonly lines: readonly string[];
  /** Resolves when a line has said it, now or earlier; but none before the line `since`. */
  readonly says: (pattern: RegExp, since?: number) => Promise<void>;
  readonly exited: Promise<number | null>;
  /** SIGTERM, and the exit code that it led to. */
  readonly stop: () => Promise<number | null>;
}

// Inside the checkout, where the bundle finds its native packages.
const out = mkdtempSync(join(process.cwd(), 'node_modules/.blockbot-test-'));
after(() => rmSync(out, { recursive: true, force: true }));
const build = spawnSync('npx', ['tsx', 'scripts/build.ts', 'router', '--quiet', '--out', out], {
  encoding: 'utf8',
});
if (build.status !== 0) throw new Error(`the build failed: ${build.stderr}`);

/** Runs the router with this environment and no other. */
function spawnRouter(env: Readonly<Record<string, string>>): ChildProcess {
  const main = join(out, 'router/hosts/node/main.js');
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  after(() => child.kill('SIGKILL'));
  return child;
}

/** Answers when the router listens; throws with what it said when it exits instead. */
export async function startRouter(env: Readonly<Record<string, string>>): Promise<RouterProcess> {
  const child = spawnRouter(env);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const lines: string[] = [];
  const readers = new Set<() => void>();
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const port = await new Promise<number>((resolve, reject) => {
    if (child.stdout) {
      createInterface(child.stdout).on('line', (line) => {
        lines.push(line);
        for (const read of readers) read();
        const listening = line.match(/"message":"listening".*"port":(\d+)/);
        if (listening) resolve(Number(listening[1]));
      });
    }
    void exited.then((code) => reject(new Error(`exited with ${code}: ${complaints}${lines.join('\n')}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    lines,
    says: (pattern, since = 0) =>
      new Promise((resolve) => {
        const read = () => {
          if (!lines.slice(since).some((line) => pattern.test(line))) return;
          readers.delete(read);
          resolve();
        };
        readers.add(read);
        read();
      }),
    exited,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** What a router says that refuses to start, and its exit code. */
export async function expectRefusal(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const child = spawnRouter(env);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}
