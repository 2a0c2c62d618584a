/**
 * The password algorithm of Node: Argon2id (RFC 9106) at OWASP's minimum of 19 MiB, 2 passes, 1 lane, natively and off
 * the event loop.
 */
import { hash, verify } from '@node-rs/argon2';
import { parseBase64, type PasswordAlgorithm } from '../../lib/password.ts';

const costs = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const argon2id: PasswordAlgorithm = {
  id: 'argon2id',
  prefix: `$argon2id$v=19$m=${costs.memoryCost},t=${costs.timeCost},p=${costs.parallelism}$`,
  hash: (password) => hash(password, costs),
  verify: async (password, phc) => isAffordable(phc) && (await verify(phc, password)),
};

/**
 * A stored hash names its own costs; one that asks for more than 64 MiB, 8 passes or 4 lanes is not tried, nor one
 * that RFC 9106, section 3.1, does not allow.
 */
function isAffordable(phc: string): boolean {
  const match = phc.match(/^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d),p=(\d)\$([\w+/]{11,86})\$([\w+/]{22,86})$/);
  if (!match) return false;
  const [memory = 0, passes = 0, lanes = 0] = match.slice(1, 4).map(Number);
  const wellFormed = match.slice(4).every((text) => parseBase64(text) !== undefined);
  return wellFormed && isWithin(passes, 1, 8) && isWithin(lanes, 1, 4) && isWithin(memory, 8 * lanes, 65_536);
}

const isWithin = (value: number, minimum: number, maximum: number) => value >= minimum && value <= maximum;
