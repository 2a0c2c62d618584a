/** The passwords of the container: native argon2id hashes, scrypt verifies too. */
import { availableParallelism } from 'node:os';
import type { Environment } from '../../lib/core/env.ts';
import type { Log } from '../../lib/core/log.ts';
import { isCommonPassword } from '../../lib/security/common-passwords.ts';
import { createPasswordHasher, type Passwords } from '../../lib/security/password.ts';
import { scrypt } from '../../lib/security/scrypt.ts';
import { createBreachCheck } from '../core/breach-check.ts';
import { argon2id } from './argon2.ts';

export function createNodePasswords(environment: Environment, log: Log): Passwords {
  // One core stays free for everything that is no hash; a login waits for at most some tens of others.
  const hasher = createPasswordHasher([argon2id, scrypt], {
    concurrency: Math.max(1, availableParallelism() - 1),
    queue: 64,
  });
  return {
    ...hasher,
    isCommon: (password) => Promise.resolve(isCommonPassword(password)),
    isBreached: createBreachCheck(environment, log),
  };
}
