/** A server that `bench:keys` asks: started, with keys that it takes. */
import { writeFileSync } from 'node:fs';
import { forkServer } from '../forked-server.ts';

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
  const env = { NODE_ENV: 'production', DATABASE_URL: databaseUrl };
  const { pid, told, stop } = await forkServer<{ port: number; keys?: readonly string[] }>(file, args, env);
  return { pid, url: `http://127.0.0.1:${told.port}/v1/whoami`, keys: told.keys ?? [], stop };
}

/** One a line. Who takes none is sent one all the same, so that all read the same requests. */
export function writeKeys(file: string, { keys }: Pick<RunningContestant, 'keys'>): void {
  writeFileSync(file, (keys.length > 0 ? keys : ['k'.repeat(64)]).map((key) => `${key}\n`).join(''));
}
