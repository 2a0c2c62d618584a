/** A server of a bench: started and waited for. */
import { type ChildProcess, spawn } from 'node:child_process';

/** @throws {Error} when it ends before it answers */
export async function untilAnswered(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch {
      // Not listening yet.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
}

/** With nothing of our environment but PATH; only what it complains of is shown. */
export function spawnQuietly(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(command, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
