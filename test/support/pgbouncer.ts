/** A real PgBouncer in front of a server, for one test file. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { makeTemporaryFolder } from './folder.ts';
import { freePort } from './redis-server.ts';

const program = '/usr/sbin/pgbouncer';

/** To be given as `skip` to tests: why there is no PgBouncer, or false. */
export const withoutPgbouncer =
  spawnSync(program, ['--version']).status === 0 ? false : 'pgbouncer is not installed';

// The account `nobody`: it refuses to run as root.
const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * Answers the server's address with PgBouncer's port in its place.
 *
 * @param settings such as `pool_mode = transaction`, one a line; what is not named is as PgBouncer comes
 */
export async function startPgbouncer(serverUrl: string, ...settings: readonly string[]): Promise<string> {
  const server = new URL(serverUrl);
  const port = await freePort();
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const account = `user=${server.username} password=${decodeURIComponent(server.password)}`;
  const lines = [
    '[databases]',
    `* = host=${server.hostname} port=${server.port} ${account}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    ...settings,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn(program, [file], { stdio: ['ignore', 'ignore', 'pipe'], ...unprivileged });
  const exited = once(child, 'exit');
  after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('process up')) resolve();
    });
    void exited.then(() => reject(new Error(`PgBouncer ended: ${said}`)));
  });
  const url = new URL(serverUrl);
  url.port = String(port);
  return url.href;
}
