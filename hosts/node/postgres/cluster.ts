/** The files of the embedded Postgres: its cluster, and the password of its superuser. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { toCommand, toStartError } from './command.ts';
import { isRunning } from './process.ts';

const run = promisify(execFile);

/** The name of the superuser, and of the database. */
export const databaseName = 'blockbot';

/**
 * Makes the cluster if there is none yet; answers whether it did. It is prepared beside its place and then renamed,
 * so that one which was interrupted never stands in the way of the next start.
 */
export async function createCluster(
  cluster: string,
  { binaries, passwordFile }: { binaries: string; passwordFile: string },
): Promise<boolean> {
  await removeAbandonedDrafts(cluster);
  if (existsSync(cluster)) return false;
  const draft = `${cluster}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await runProgram(draft, join(binaries, 'initdb'), [
      `--pgdata=${draft}`,
      `--username=${databaseName}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ]);
    // Here, and not after the start: nobody ever meets a running server that lacks its database.
    const createDatabase = `create database ${databaseName}\n`;
    await runProgram(
      draft,
      join(binaries, 'postgres'),
      ['--single', '-D', draft, 'postgres'],
      createDatabase,
    );
    await rename(draft, cluster);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was faster.
    if (existsSync(cluster)) return false;
    throw error;
  }
}

/** The superuser's password, made once; only the owner of the file may read it. */
export async function readOrMakePassword(passwordFile: string): Promise<string> {
  if (!existsSync(passwordFile)) {
    const draft = `${passwordFile}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
    await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    try {
      // Unlike a rename, a link leaves the file of whoever was faster.
      await link(draft, passwordFile);
    } catch (error) {
      if (!existsSync(passwordFile)) throw error;
    } finally {
      await rm(draft);
    }
  }
  return (await readFile(passwordFile, 'utf8')).trim();
}

async function removeAbandonedDrafts(cluster: string): Promise<void> {
  const prefix = `${basename(cluster)}.new-`;
  for (const name of await readdir(dirname(cluster))) {
    if (name.startsWith(prefix) && !isRunning(Number.parseInt(name.slice(prefix.length), 10)))
      // Its initdb may still be at work.
      await rm(join(dirname(cluster), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runProgram(
  cluster: string,
  program: string,
  args: readonly string[],
  input = '',
): Promise<void> {
  const command = toCommand(program, args, cluster);
  // From '/', because the account that runs it may not be allowed to look at where we stand.
  const running = run(command.file, command.args, { cwd: '/', env: { ...process.env, LC_ALL: 'C' } });
  // One that ends before it reads has its reason, and its exit tells.
  running.child.stdin?.on('error', () => undefined).end(input);
  try {
    await running;
  } catch (error) {
    if (!(error instanceof Error) || !('stderr' in error)) throw error;
    if ('code' in error && error.code === 'ENOENT') throw toStartError(error, command);
    throw new Error(`${basename(program)} failed: ${String(error.stderr).trim()}`, { cause: error });
  }
}
