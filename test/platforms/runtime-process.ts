/** The process of a runtime: started, listened to, and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Runtime {
  /** What it wrote to standard error and output so far. */
  readonly said: () => string;
  /** SIGTERM, and the exit code that it led to. */
  readonly stop: () => Promise<number | null>;
  readonly close: () => Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

/** Of a process that has just been started. */
export function follow(child: ChildProcess) {
  let output = '';
  const hear = (chunk: Buffer) => (output = `${output}${chunk.toString()}`.slice(-20_000));
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const end = (signal: NodeJS.Signals) => () => {
    child.kill(signal);
    return exited;
  };
  /** @throws {Error} with what it said when it ends instead of listening */
  async function until<Result>(listening: Promise<Result>): Promise<Result> {
    const ended = exited.then((code) => {
      throw new Error(`${child.spawnfile} ended with ${String(code)}: ${output}`);
    });
    // What ends also ends what is read of it; its own words say more.
    const result = await Promise.race([listening.catch(() => ended), ended]);
    // Reading lines of it has paused it, and a pipe that nobody reads stops whoever writes to it.
    child.stdout?.resume();
    return result;
  }
  const kill = end('SIGKILL');
  const runtime: Runtime = {
    said: () => output,
    stop: end('SIGTERM'),
    close: async () => void (await kill()),
  };
  return { runtime, until };
}

/** Nothing of our own environment but PATH; a third pipe for what says where it listens. */
export function start(command: string, args: readonly string[], env: Environment): ChildProcess {
  return spawn(command, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
}

/** The port of each function, as `serve-bundles.ts` tells them. */
export async function readPorts(child: ChildProcess): Promise<ReadonlyMap<string, number>> {
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) {
      if (!line.startsWith('{"ports"')) continue;
      const { ports } = JSON.parse(line) as { ports: Readonly<Record<string, number>> };
      return new Map(Object.entries(ports));
    }
  }
  throw new Error('ended without a port');
}
