/** The systems in which the short path of DEPLOYMENT.md is gone, as images that have nothing but their base. */
import { spawnSync } from 'node:child_process';
import type { Edge } from './edge.ts';
import { pull } from './pull.ts';

interface FreshSystem {
  readonly name: string;
  readonly image: string;
  /** Names an image, or nothing, where no registry has it. */
  readonly standIn: (engineBase: string | undefined) => string;
}

const systems: readonly FreshSystem[] = [
  { name: 'Debian 12', image: 'debian:12', standIn: (engineBase = '') => engineBase },
  {
    name: 'Ubuntu 24.04',
    image: 'ubuntu:24.04',
    standIn: () => importRoot(process.env['UBUNTU_ROOT'] ?? '', 'standin/ubuntu:24.04'),
  },
];

/**
 * One a line, `Debian 12=image`; without an image where there is none. Has to be asked while the engine would reach a registry.
 *
 * @param engineBase a Debian 12 that the engine brings along
 */
export const findFreshSystems = ({ kind }: Edge, engineBase: string | undefined): string =>
  systems
    .map(({ name, image, standIn }) => {
      // A registry that has not answered for the proxy is not waited for again.
      const isHere = kind === 'pinned images' && pull(image);
      return `${name}=${isHere ? image : standIn(engineBase)}`;
    })
    .join('\n');

function importRoot(archive: string, image: string): string {
  if (archive === '') return '';
  const { status } = spawnSync('docker', ['import', archive, image], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`UBUNTU_ROOT: ${archive} is no root file system (docker import)`);
  return image;
}
