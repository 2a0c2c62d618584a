/** Our REST endpoint in front of a test's Redis, or of its cluster. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEndpoint, token } from './redis-rest-endpoint.ts';
import { freePort } from './redis-server.ts';

export interface RedisRestServer {
  readonly url: string;
  readonly token: string;
  readonly close: () => Promise<void>;
}

export async function startRedisRest(
  ...redisPorts: readonly [number, ...number[]]
): Promise<RedisRestServer> {
  const [first, ...others] = redisPorts.map((port) => `redis://127.0.0.1:${String(port)}`);
  const target =
    others.length > 0 ? { clusterUrls: [String(first), ...others] as const } : { url: String(first) };
  const { url, close } = await startEndpoint(target, { requestTimeoutMs: 3000 });
  return { url, token, close };
}

export interface RestProcess extends RedisRestServer {
  readonly kill: () => Promise<void>;
  /** Starts again at the same address. */
  readonly start: () => Promise<void>;
}

/**
 * The same as a process of its own, which may be killed and does not share the test's event loop.
 *
 * @param options.bundle a file that the endpoint was bundled to, as it is deployed; from its sources unless told
 */
export async function startRestProcess(
  redisPort: number,
  { bundle }: { readonly bundle?: string } = {},
): Promise<RestProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const main = fileURLToPath(new URL('../../redis-rest/main.ts', import.meta.url));
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(process.execPath, bundle === undefined ? ['--import', 'tsx', main] : [bundle], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        REDIS_URL: `redis://127.0.0.1:${String(redisPort)}`,
        REDIS_REST_TOKENS: token,
      },
    });
    await untilReady(url, child);
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  await start();
  return { url, token, start, kill, close: kill };
}

/** @throws {Error} when it ends before it answers */
async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const ping = { method: 'POST', body: '["PING"]', headers: { Authorization: `Bearer ${token}` } };
  const isReady = (): Promise<boolean> =>
    fetch(url, ping).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null)
      throw new Error(`the endpoint ended with ${String(child.exitCode)} before it answered`);
  }
}
