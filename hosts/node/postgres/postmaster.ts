/** The server process of the embedded Postgres: found, started, stopped. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { toCommand, toStartError } from './command.ts';
import { isPostgresRunning } from './process.ts';

/** The server process of a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

export interface PostmasterOptions {
  readonly cluster: string;
  readonly binaries: string;
  readonly log: string;
}

const logLimitBytes = 10_000_000;
const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const attempts = 5;
const pollIntervalMs = 10;

/** Another one runs on this cluster, or the port was taken between our look and its start: look again. */
const worthAnotherTry = /lock file "postmaster\.pid" already exists|could not create any TCP\/IP sockets/;

/**
 * The running server of the cluster, or else a new one on a free port. It outlives this process if it must: it has
 * its own process group, so that Ctrl-C ends it only by way of its owner, and its own log file.
 */
export async function startPostmaster(
  options: PostmasterOptions,
): Promise<Postmaster & { started: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const running = await awaitPostmaster(options);
    if (running) return { ...running, started: false };
    const outcome = await launch(options);
    if (typeof outcome !== 'string') return { ...outcome, started: true };
    if (attempt === attempts || !worthAnotherTry.test(outcome)) throw new Error(toReason(outcome, options));
    await removeStaleLock(options.cluster);
  }
}

/** The running server of the cluster; one that is still starting or stopping is waited for. */
export async function awaitPostmaster({
  cluster,
  log,
}: Pick<PostmasterOptions, 'cluster' | 'log'>): Promise<Postmaster | undefined> {
  const endAt = Date.now() + startTimeoutMs;
  for (;;) {
    const found = await readPidFile(cluster);
    if (!found || !isPostgresRunning(found.pid)) return undefined;
    if (found.status === 'ready') return { pid: found.pid, port: found.port };
    if (Date.now() > endAt)
      throw new Error(`Postgres (process ${found.pid}) is still ${found.status}, see ${log}`);
    await delay(pollIntervalMs);
  }
}

/** Ends it in an orderly way: sessions are cut, everything is on disk. A second try is rough, yet loses nothing. */
export async function stopPostmaster(pid: number, binaries: string): Promise<void> {
  for (const signal of ['INT', 'QUIT']) {
    if (!isPostgresRunning(pid)) return;
    await sendSignal(pid, signal, binaries);
    const endAt = Date.now() + stopTimeoutMs;
    while (isPostgresRunning(pid) && Date.now() < endAt) await delay(pollIntervalMs);
  }
  if (isPostgresRunning(pid)) throw new Error(`Postgres (process ${pid}) does not stop`);
}

/** Answers the server, or what it wrote to its log when it ended instead. */
async function launch({ cluster, binaries, log }: PostmasterOptions): Promise<Postmaster | string> {
  const port = await findFreePort(await readLastPort(cluster));
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`];
  const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])];
  const command = toCommand(join(binaries, 'postgres'), args, cluster);
  const file = await open(log, 'a+', 0o600);
  try {
    if ((await file.stat()).size > logLimitBytes) await file.truncate();
    const { size: before } = await file.stat();
    const child = spawn(command.file, command.args, {
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
      detached: true,
      windowsHide: true,
      stdio: ['ignore', file.fd, file.fd],
    });
    child.unref();
    await once(child, 'spawn').catch((error: unknown) => {
      throw toStartError(error, command);
    });
    let ended = false;
    const exit = once(child, 'exit').then(() => (ended = true));
    while (!ended) {
      const found = await readPidFile(cluster);
      if (found?.pid === child.pid && found?.status === 'ready') return { pid: found.pid, port };
      await Promise.race([exit, delay(pollIntervalMs)]);
    }
    const { size: after } = await file.stat();
    const { buffer } = await file.read({ buffer: Buffer.alloc(after - before), position: before });
    return buffer.toString();
  } finally {
    await file.close();
  }
}

/** Its lines are the process id, the folder, the start time, the port, and further down the status. */
async function readPidFile(cluster: string) {
  let text: string;
  try {
    text = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const [pid = '', , , port = '', , , , status = ''] = text.split('\n');
  return {
    pid: Number.parseInt(pid, 10),
    port: Number.parseInt(port, 10),
    status: status.trim() || 'starting',
  };
}

/**
 * Postgres removes a stale file by itself, unless the process id in it has gone to another program of the same
 * account, or nobody collects the dead server: usual in containers, where process ids are few.
 */
async function removeStaleLock(cluster: string): Promise<void> {
  const found = await readPidFile(cluster);
  if (found && !isPostgresRunning(found.pid)) await rm(join(cluster, 'postmaster.pid'), { force: true });
}

async function sendSignal(pid: number, signal: string, binaries: string): Promise<void> {
  // Windows has no signals; Postgres has its own way there.
  if (process.platform === 'win32')
    await promisify(execFile)(join(binaries, 'pg_ctl'), ['kill', signal, String(pid)]);
  else process.kill(pid, `SIG${signal}`);
}

/** The port of the last run, which people may have noted down for their own tools. Postgres keeps its command line. */
async function readLastPort(cluster: string): Promise<number> {
  const options = await readFile(join(cluster, 'postmaster.opts'), 'utf8').catch(() => '');
  return Number(/port=(\d+)/.exec(options)?.[1] ?? 0);
}

async function findFreePort(preferred: number): Promise<number> {
  const server = createServer().listen(preferred, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (preferred === 0) throw error;
    return findFreePort(0);
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function toReason(output: string, { log }: PostmasterOptions): string {
  const reasons = output.match(/(?<=(FATAL|DETAIL|setpriv): +).+/g) ?? [];
  return `Postgres did not start: ${reasons.join('; ') || 'it said nothing'} (see ${log})`;
}
