/**
 * What tests use of npm and is no dependency, because it weighs hundreds of megabytes or wants a newer Node than the oldest
 * of ours: fetched once, into a folder of the system's temporary files.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @param packages such as `wrangler@4.164.0`, exact versions
 * @param file what must be there then, below `node_modules`
 * @returns its path; undefined where npm can't bring it
 */
export function fetchPackages(packages: readonly string[], file: string): string | undefined {
  const name = packages.join('-').replace(/[^\w.-]+/g, '-');
  const folder = join(tmpdir(), `blockbot-npm-${name}`);
  const wanted = join('node_modules', file);
  if (existsSync(join(folder, wanted))) return join(folder, wanted);
  // Made aside and renamed: two runs at once must not see each other's half.
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const options = ['--prefix', draft, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  spawnSync('npm', ['install', ...options, ...packages], { stdio: 'ignore' });
  if (!existsSync(join(draft, wanted))) {
    rmSync(draft, { recursive: true, force: true });
    return undefined;
  }
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  return join(folder, wanted);
}
