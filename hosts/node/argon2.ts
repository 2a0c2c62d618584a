/**
 * The password algorithm of Node: Argon2id (RFC 9106) at OWASP's minimum of 19 MiB, 2 passes, 1 lane, natively and off
 * the event loop.
 */
import { hash, verify } from '@node-rs/argon2';
import type { PasswordAlgorithm } from '../../lib/password.ts';

const costs = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const argon2id: PasswordAlgorithm = {
  id: 'argon2id',
  prefix: `$argon2id$v=19$m=${costs.memoryCost},t=${costs.timeCost},p=${costs.parallelism}$`,
  hash: (password) => hash(password, costs),
  verify: async (password, phc) => isAffordable(phc) && (await verify(phc, password)),
};

/** A stored hash names its own costs; one that asks for more than 64 MiB, 8 passes or 4 lanes is not tried. */
function isAffordable(phc: string): boolean {
  const match = phc.match(/^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$[\w+/]{11,86}\$[\w+/]{22,86}$/);
  const [memory, passes, lanes] = match?.slice(1).map(Number) ?? [];
  return memory !== undefined && memory <= 65_536 && (passes ?? 9) <= 8 && (lanes ?? 9) <= 4;
}
