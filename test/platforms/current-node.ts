/**
 * The current LTS of Node beside the one that runs the tests. It weighs 190 MB, so that it is no dependency: it is fetched
 * from npm once, into a folder of the system's temporary files.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const currentNodeVersion = '24.21.0';

/** The path of its binary; undefined where npm can't bring it. */
export function findCurrentNode(): string | undefined {
  if (process.versions.node === currentNodeVersion) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(tmpdir(), `blockbot-node-${currentNodeVersion}`);
  const binary = join('node_modules', name, 'bin', 'node');
  if (existsSync(join(folder, binary))) return join(folder, binary);
  // Made aside and renamed: two runs at once must not see each other's half.
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const options = ['--prefix', draft, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  spawnSync('npm', ['install', ...options, `${name}@${currentNodeVersion}`], { stdio: 'ignore' });
  if (!existsSync(join(draft, binary))) {
    rmSync(draft, { recursive: true, force: true });
    return undefined;
  }
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  return join(folder, binary);
}
