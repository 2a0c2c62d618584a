/** A server of a bench in a process of its own, which tells by its first message where it listens. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface ForkedServer<Told> {
  readonly pid: number;
  readonly told: Told;
  readonly stop: () => Promise<void>;
}

/** @throws {Error} when it ends before it has told anything */
export async function forkServer<Told>(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ForkedServer<Told>> {
  const child = fork(file, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  // What a bench that failed has left behind ends with it.
  const kill = () => child.kill();
  process.once('exit', kill);
  const ended = once(child, 'exit').finally(() => process.off('exit', kill));
  const first = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!first || child.pid === undefined) throw new Error(`${file} ended before it listened`);
  return {
    pid: child.pid,
    told: first[0] as Told,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
