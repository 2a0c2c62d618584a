/**
 * Passwords at rest: PHC strings (https://github.com/P-H-C/phc-string-format). The host brings the algorithms that
 * are native to it; every approved form verifies on every host, and none is rehashed into another.
 */
import { randomBytes } from 'node:crypto';
import { toBase64 } from '../core/base64.ts';
import { createBulkhead, type BulkheadStats } from '../core/bulkhead.ts';

export interface PasswordAlgorithm {
  /** The id that a PHC string of this algorithm starts with. */
  readonly id: string;
  /** The PHC prefix with today's costs, up to the salt. */
  readonly prefix: string;
  readonly hash: (password: string) => Promise<string>;
  /** False too for a string that is malformed or asks for more than the host is ready to spend. */
  readonly verify: (password: string, phc: string) => Promise<boolean>;
}

export interface PasswordHasher {
  /** @throws {Problem} `overloaded` when too many hashes wait already. */
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether the password is the one, at the same cost where there is none to compare with (`null`).
   *
   * @throws {Problem} `overloaded` when too many hashes wait already.
   */
  readonly verify: (password: string, phc: string | null) => Promise<boolean>;
  /** Whether the hash was made with other costs than today's and should be made anew. */
  readonly isOutdated: (phc: string) => boolean;
  /** How many hashes run and wait. */
  readonly stats: () => BulkheadStats;
}

/** What a host gives to functions that set or check passwords. */
export interface Passwords extends PasswordHasher {
  /** Whether it is among those that anybody would try first. */
  readonly isCommon: (password: string) => Promise<boolean>;
  /** Whether it is known from a breach elsewhere. False as well where nobody looks, or could be asked in time. */
  readonly isBreached: (password: string) => Promise<boolean>;
}

/**
 * @param algorithms the first one hashes, all verify
 * @param options.concurrency hashes at once
 * @param options.queue hashes that may wait
 */
export function createPasswordHasher(
  algorithms: readonly [PasswordAlgorithm, ...PasswordAlgorithm[]],
  { concurrency, queue }: { concurrency: number; queue: number },
): PasswordHasher {
  const [preferred] = algorithms;
  const bulkhead = createBulkhead({ concurrency, queue });
  // A well-formed hash that no password has, so that an account which doesn't exist costs what one costs that does.
  const decoy = `${preferred.prefix}${toBase64(randomBytes(16))}$${toBase64(randomBytes(32))}`;
  const algorithmOf = (phc: string) => algorithms.find(({ id }) => phc.startsWith(`$${id}$`));

  return {
    hash: (password) => bulkhead(() => preferred.hash(normalize(password))),
    verify: async (password, phc) => {
      const algorithm = phc === null ? undefined : algorithmOf(phc);
      const matches = await bulkhead(() =>
        algorithm && phc !== null
          ? algorithm.verify(normalize(password), phc)
          : preferred.verify(normalize(password), decoy),
      );
      return algorithm !== undefined && matches;
    },
    isOutdated: (phc) => !phc.startsWith(algorithmOf(phc)?.prefix ?? preferred.prefix),
    stats: bulkhead.stats,
  };
}

/** NIST SP 800-63B, section 3.1.1.2: one text typed on two keyboards is one password. */
function normalize(password: string): string {
  return password.normalize('NFKC');
}
