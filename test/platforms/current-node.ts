/** The current LTS of Node beside the one that runs the tests. */
import { fetchPackages } from './fetched-packages.ts';

export const currentNodeVersion = '24.21.0';

/** The path of its binary; undefined where npm can't bring it. */
export function findCurrentNode(): string | undefined {
  if (process.versions.node === currentNodeVersion) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  return fetchPackages([`${name}@${currentNodeVersion}`], `${name}/bin/node`);
}
