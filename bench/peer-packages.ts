/** Packages of a peer, which are no part of the project: fetched from npm once. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder of the system's temporary files that has them.
 *
 * @param packages with exact versions; a list that has changed is installed anew
 * @throws {Error} when npm could not install them
 */
export function installPeer(name: string, packages: readonly string[]): string {
  const folder = join(tmpdir(), `blockbot-bench-${name}`);
  const list = JSON.stringify(packages);
  const done = join(folder, 'installed.json');
  if (existsSync(done) && readFileSync(done, 'utf8') === list) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder });
  if (status !== 0) throw new Error(`npm could not install ${packages.join(', ')}`);
  writeFileSync(done, list);
  return folder;
}
