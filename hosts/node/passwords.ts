/** The password hasher of the container: native argon2id hashes, scrypt verifies too. */
import { availableParallelism } from 'node:os';
import { createPasswordHasher, type PasswordHasher } from '../../lib/security/password.ts';
import { scrypt } from '../../lib/security/scrypt.ts';
import { argon2id } from './argon2.ts';

export function createNodePasswords(): PasswordHasher {
  // One core stays free for everything that is no hash; a login waits for at most some tens of others.
  return createPasswordHasher([argon2id, scrypt], {
    concurrency: Math.max(1, availableParallelism() - 1),
    queue: 64,
  });
}
