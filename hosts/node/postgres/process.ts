/** Whether a process is still there, asked by its id alone. */
import { readFileSync } from 'node:fs';

/** Whether a process with that id runs. One that ended and was not yet collected by its parent doesn't. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return readStat(pid)?.state !== 'Z';
}

/**
 * The same, for the id that Postgres noted down. After a crash of the machine it may be somebody else's by now; where
 * `/proc` tells the name of a program, that is seen.
 */
export function isPostgresRunning(pid: number): boolean {
  return isRunning(pid) && (readStat(pid)?.name ?? 'postgres') === 'postgres';
}

/** proc(5): `pid (name) state ...`; nothing where there is no `/proc`. */
function readStat(pid: number): { name: string; state: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), state: stat.charAt(end + 2) };
  } catch {
    return undefined;
  }
}
