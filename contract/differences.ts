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
      'A length is said or not: workerd, Deno and Bun say 0 for an answer without a body and for HEAD, where Node says nothing; and Node sends in chunks what it has not seen the end of within a turn of its loop. A length that is said is compared',
    holds: ({ part, expected, actual }) =>
      part === 'content-length' && (expected === undefined || actual === undefined),
  },
];
