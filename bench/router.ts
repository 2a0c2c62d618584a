/** The built router with a database of its own, for benches. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface BenchRouter {
  readonly url: string;
  readonly pid: number;
  /** From the spawn of the process to its first answer. */
  readonly firstAnswerMs: number;
  readonly stop: () => Promise<void>;
}

export function buildRouter(): void {
  const build = spawnSync('npx', ['tsx', 'scripts/build.ts', 'router', '--quiet'], { stdio: 'inherit' });
  if (build.status !== 0) throw new Error('the build failed');
}

/** A folder for the embedded database, and the function that removes it. */
export function makeDataDir(): { dataDir: string; remove: () => void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'blockbot-bench-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

export async function startRouter(
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<BenchRouter> {
  const startedAt = performance.now();
  const child: ChildProcess = spawn(process.execPath, [...nodeOptions, 'dist/router/hosts/node/main.js'], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { stdout, pid } = child;
  if (!stdout || pid === undefined) throw new Error('the router did not start');
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(stdout).on('line', (line) => {
      const found = line.match(/"message":"listening".*"port":(\d+)/)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the router exited with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  await (await fetch(`${url}/health/live`)).arrayBuffer();
  return {
    url,
    pid,
    firstAnswerMs: performance.now() - startedAt,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
