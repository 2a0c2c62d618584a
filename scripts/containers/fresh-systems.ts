/** The systems in which the short path of DEPLOYMENT.md is gone, as images that have nothing but their base. */
import type { Edge } from './edge.ts';
import { pull } from './pull.ts';

const systems = [
  ['Debian 12', 'debian:12'],
  ['Ubuntu 24.04', 'ubuntu:24.04'],
] as const;

/**
 * One a line, `Debian 12=image`; without an image where there is none. Has to be asked while the engine would reach a registry.
 *
 * @param standIn a Debian 12 that the engine brings along
 */
export const findFreshSystems = ({ kind }: Edge, standIn: string | undefined): string =>
  systems
    .map(([name, image]) => {
      // A registry that has not answered for the proxy is not waited for again.
      const isHere = kind === 'pinned images' && pull(image);
      const other = name === 'Debian 12' ? (standIn ?? '') : '';
      return `${name}=${isHere ? image : other}`;
    })
    .join('\n');
