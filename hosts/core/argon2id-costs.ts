/** Argon2id (RFC 9106) at OWASP's minimum of 19 MiB, 2 passes, 1 lane, as PHC strings have it. */
import { parseBase64 } from '../../lib/core/base64.ts';

export const costs = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const prefix = `$argon2id$v=19$m=${costs.memoryCost},t=${costs.timeCost},p=${costs.parallelism}$`;

export interface Argon2idHash {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/**
 * A stored hash names its own costs; one that asks for more than 64 MiB, 8 passes or 4 lanes is not tried, nor one
 * that RFC 9106, section 3.1, does not allow.
 */
export function parseArgon2id(phc: string): Argon2idHash | undefined {
  const match = phc.match(/^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d),p=(\d)\$([\w+/]{11,86})\$([\w+/]{22,86})$/);
  if (!match) return undefined;
  const [memory = 0, passes = 0, lanes = 0] = match.slice(1, 4).map(Number);
  const [salt, tag] = match.slice(4).map((text) => parseBase64(text));
  const affordable = isWithin(passes, 1, 8) && isWithin(lanes, 1, 4) && isWithin(memory, 8 * lanes, 65_536);
  return salt && tag && affordable ? { memory, passes, lanes, salt, tag } : undefined;
}

const isWithin = (value: number, minimum: number, maximum: number) => value >= minimum && value <= maximum;
