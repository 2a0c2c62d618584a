/** The password algorithm of the container: Argon2id, natively and off the event loop. */
import type { PasswordAlgorithm } from '../../lib/security/password.ts';
import { costs, parseArgon2id, prefix } from '../core/argon2id-costs.ts';

/**
 * Loads the native code, which costs as much as a tenth of the start: once, whoever asks first. Hashing does it by itself.
 *
 * @throws when there is none for this platform
 */
export const loadArgon2 = () => import('@node-rs/argon2');

export const argon2id: PasswordAlgorithm = {
  id: 'argon2id',
  prefix,
  hash: async (password) => (await loadArgon2()).hash(password, costs),
  verify: async (password, phc) =>
    parseArgon2id(phc) !== undefined && (await (await loadArgon2()).verify(phc, password)),
};
