/** The password algorithm of the container: Argon2id, natively and off the event loop. */
import { hash, verify } from '@node-rs/argon2';
import type { PasswordAlgorithm } from '../../lib/security/password.ts';
import { costs, parseArgon2id, prefix } from '../core/argon2id-costs.ts';

export const argon2id: PasswordAlgorithm = {
  id: 'argon2id',
  prefix,
  hash: (password) => hash(password, costs),
  verify: async (password, phc) => parseArgon2id(phc) !== undefined && (await verify(phc, password)),
};
