/** A real Redis of its own for a test: nothing is kept, nothing is shared, and it may be killed, hung or restarted. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** To be given as `skip` to tests: why there is no Redis, or false. */
export const withoutRedis =
  spawnSync('redis-server', ['--version']).status === 0 ? false : 'redis-server is not installed';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** SIGKILL: connections break at once. */
  readonly kill: () => Promise<void>;
  /** Starts again on the same port, empty. */
  readonly start: () => Promise<void>;
  /** SIGSTOP: connections stay and nothing answers. */
  readonly hang: () => void;
  readonly resume: () => void;
  /** One command as redis-cli sends it, and its reply as redis-cli prints it. */
  readonly run: (...command: readonly string[]) => string;
  readonly close: () => Promise<void>;
}

/** What a test that failed has left behind ends with its process, and keeps that from nothing. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startRedis(...settings: readonly string[]): Promise<RedisServer> {
  return startSomewhere(() => Promise.resolve(settings));
}

/** On another port where somebody was quicker. */
async function startSomewhere(toSettings: () => Promise<readonly string[]>): Promise<RedisServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startAt(await freePort(), await toSettings());
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function startAt(port: number, settings: readonly string[]): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'redis-'));
  const base = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const child = spawn('redis-server', [...base, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
    server = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.includes('Ready to accept connections')) {
        child.unref();
        return;
      }
    }
    throw new Error(`redis-server ended before it was ready: ${said}`);
  }

  async function kill(): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.ref();
    server.kill('SIGKILL');
    await once(server, 'exit');
  }

  await start();
  return {
    port,
    url: `redis://127.0.0.1:${String(port)}`,
    kill,
    start,
    hang: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    run: (...command) => redisCli('-p', String(port), ...command).trimEnd(),
    close: async () => {
      await kill();
      await rm(directory, { recursive: true });
    },
  };
}

/** Three masters on loopback; `close` ends them all. */
export async function startRedisCluster(): Promise<{
  readonly nodes: readonly [RedisServer, RedisServer, RedisServer];
  readonly ports: readonly [number, number, number];
  readonly close: () => Promise<void>;
}> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '60000'];
  const startNode = () =>
    startSomewhere(async () => [...options, '--cluster-port', String(await freePort())]);
  const nodes = await Promise.all([startNode(), startNode(), startNode()]);
  const ports = [nodes[0].port, nodes[1].port, nodes[2].port] as const;
  redisCli('--cluster', 'create', ...ports.map((port) => `127.0.0.1:${String(port)}`), '--cluster-yes');
  for (const port of ports)
    while (!redisCli('-p', String(port), 'cluster', 'info').includes('cluster_state:ok'));
  return { nodes, ports, close: async () => void (await Promise.all(nodes.map(({ close }) => close()))) };
}

function redisCli(...args: readonly string[]): string {
  const { status, stdout } = spawnSync('redis-cli', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`redis-cli ${args.join(' ')} ended with ${String(status)}: ${stdout}`);
  return stdout;
}

/** A port that nobody listens on, below those that the system gives to outgoing connections. */
export async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
    return port;
  } catch {
    return await freePort();
  } finally {
    probe.close();
  }
}
