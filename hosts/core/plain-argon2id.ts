/** Argon2id where it is not native: a module of its own, so that it is loaded by who needs it. */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import type { Argon2idHash } from './argon2id-costs.ts';

export function deriveInPlainJavaScript(
  message: Uint8Array,
  salt: Uint8Array,
  length: number,
  { memory, passes, lanes }: Pick<Argon2idHash, 'memory' | 'passes' | 'lanes'>,
): Promise<Uint8Array> {
  return argon2idAsync(message, salt, { m: memory, t: passes, p: lanes, dkLen: length });
}
