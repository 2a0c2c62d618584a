/** What the tests of the endpoint share: a real Redis, and an endpoint in front of it. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from './log.ts';
import { createRestServer, type RestServer } from './server.ts';
import type { Settings } from './settings.ts';

/** For `describe`: these tests need the real thing. */
export const needsRedis = {
  skip: spawnSync('redis-server', ['--version']).status !== 0 && 'redis-server is not installed',
};

export const token = 'a-token-that-may-do-everything';
export const readOnlyToken = 'a-token-that-may-only-read';

export interface RedisProcess {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** Kills it at once, as a crash would. */
  readonly kill: () => Promise<void>;
}

/** Starts a Redis without persistence. With a `port` it comes back where another one was. */
export async function startRedis({
  port: wanted,
  options = [],
}: { readonly port?: number; readonly options?: readonly string[] } = {}): Promise<RedisProcess> {
  const port = wanted ?? (await findFreePort());
  const directory = mkdtempSync(join(tmpdir(), 'redis-rest-'));
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory, ...options],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await new Promise<void>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`redis-server did not start: ${output}`));
    });
  });
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    process: child,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Below the ports that the system hands out by itself, so that no other test can be given it meanwhile. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => {
        resolve(false);
      });
      probe.listen(port, '127.0.0.1', () => {
        resolve((probe.address() as AddressInfo).port === port);
      });
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface TestHandler {
  readonly url: string;
  readonly port: number;
  readonly server: RestServer;
  /** Every log line so far, as one text. */
  readonly logged: () => string;
  /** Resolves when this message is logged, or was. */
  readonly untilLogged: (message: string) => Promise<void>;
  /** Asks with the full token, unless told. `path` defaults to `/`, `method` to POST. */
  readonly ask: (request: {
    readonly path?: string;
    readonly method?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  }) => Promise<Answer>;
  /** One command, its result or its error. */
  readonly run: (...command: readonly unknown[]) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Opens an endpoint on a port of its own, and waits for its Redis unless `waits` is false. */
export async function openHandler(
  redis: Settings['redis'],
  {
    waits = true,
    heartbeatMs = 15_000,
    ...overrides
  }: Partial<Settings> & { readonly waits?: boolean; readonly heartbeatMs?: number } = {},
): Promise<TestHandler> {
  const lines: string[] = [];
  const waiting = new Map<string, (() => void)[]>();
  const log: Log = (level, message, fields) => {
    lines.push(JSON.stringify({ level, message, ...fields }));
    for (const resolve of waiting.get(message) ?? []) resolve();
    waiting.delete(message);
  };
  const settings: Settings = {
    redis,
    tokens: [token],
    readOnlyTokens: [readOnlyToken],
    tokenInUrl: false,
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 1024 * 1024,
    requestTimeoutMs: 2000,
    drainDelayMs: 0,
    ...overrides,
  };
  const server = createRestServer(settings, { log, heartbeatMs });
  const port = await server.listen();
  const url = `http://127.0.0.1:${port}`;

  const untilLogged: TestHandler['untilLogged'] = (message) => {
    if (lines.some((line) => line.includes(JSON.stringify(message)))) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.set(message, [...(waiting.get(message) ?? []), resolve]);
    });
  };

  const ask: TestHandler['ask'] = async ({ path = '/', method = 'POST', body, headers }) => {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  };

  if (waits) await untilLogged('redis is ready');
  return {
    url,
    port,
    server,
    logged: () => lines.join('\n'),
    untilLogged,
    ask,
    async run(...command) {
      const { json, text } = await ask({ body: command });
      if (typeof json === 'object' && json !== null) {
        if ('result' in json) return json.result;
        if ('error' in json) return `error: ${String(json.error)}`;
      }
      return text;
    },
    close: () => server.drain(),
  };
}
