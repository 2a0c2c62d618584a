/** Where an answer may differ from the one of the router on Node, and why. Everything else is byte-equal. */
import type { Difference } from './contract.ts';

interface ForcedDifference {
  readonly reason: string;
  readonly holds: (difference: Difference) => boolean;
}

export const forcedDifferences: readonly ForcedDifference[] = [
  {
    reason:
      'A function by itself knows of no other at its path, so that `Allow` and a preflight name its methods alone',
    holds: ({ part }) => part === 'allow' || part === 'access-control-allow-methods',
  },
  {
    reason:
      'workerd, Deno and Bun add `Content-Length: 0` to an answer without a body, to that of HEAD too; Node says nothing there',
    holds: ({ part, expected, actual }) =>
      part === 'content-length' && expected === undefined && actual === '0',
  },
];
