/** Artefacts for a test file, made by the command that makes them for deployment. */
import { spawnSync } from 'node:child_process';
import { makeTemporaryFolder } from '../support/folder.ts';

/** Bundles with these arguments, and answers the folder that holds one for each target. */
export async function makeBundles(...args: readonly string[]): Promise<string> {
  const out = await makeTemporaryFolder();
  const script = ['--import', 'tsx', 'scripts/bundle.ts', '--quiet', '--out', out, ...args];
  const { status, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return out;
}
