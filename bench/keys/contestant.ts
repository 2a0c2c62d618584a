/** A server that `bench:keys` asks: started, with keys that it takes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';

/** Of most contestants: as many as there are connections, so that no row is what all of them wait for. */
export const fewKeys = 64;

export interface Contestant {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
}

export interface RunningContestant {
  readonly pid: number;
  readonly url: string;
  readonly keys: readonly string[];
  readonly stop: () => Promise<void>;
}

export async function start({ file, args }: Contestant, databaseUrl: string): Promise<RunningContestant> {
  const child = fork(file, args, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  // What a bench that failed has left behind ends with it.
  const kill = () => child.kill();
  process.once('exit', kill);
  const ended = once(child, 'exit').finally(() => process.off('exit', kill));
  const told = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!told || child.pid === undefined) throw new Error(`${file} ended before it listened`);
  const [{ port, keys = [] }] = told as [{ port: number; keys?: readonly string[] }];
  return {
    pid: child.pid,
    url: `http://127.0.0.1:${port}/v1/whoami`,
    keys,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** One a line. Who takes none is sent one all the same, so that all read the same requests. */
export function writeKeys(file: string, { keys }: Pick<RunningContestant, 'keys'>): void {
  writeFileSync(file, (keys.length > 0 ? keys : ['k'.repeat(64)]).map((key) => `${key}\n`).join(''));
}
