/** A program of somebody else's, run beside a test, which ends with the test file. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The line, on either output, that says that it is there. */
  readonly ready: RegExp;
}

/** Answers the line that said it is ready; throws with what it said if it ends instead. */
export async function startProgram(
  command: string,
  args: readonly string[],
  { cwd, env, ready }: ProgramOptions,
): Promise<string> {
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const read = (line: string) => {
      said.push(line);
      if (ready.test(line)) resolve(line);
    };
    for (const output of [child.stdout, child.stderr]) createInterface(output).on('line', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`${command} ended with ${code}: ${said.join('\n')}`));
    });
  });
}

/** Why a test that needs this program has to be left out, or false. */
export function without(missing: string, command: string, ...args: readonly string[]): string | false {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0 ? false : missing;
}

/** Where a server of ours on the loopback listens. */
export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
