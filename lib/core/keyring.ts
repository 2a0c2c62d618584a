/**
 * The secrets of TOKEN_SECRET, newest first. The newest keys and seals what is made now; each of them verifies and opens, so that
 * what was made before a rotation is good until its secret is taken out. A host makes it once; functions get its methods and no
 * text of a secret. `sealing.ts` seals by it.
 */
import { type BinaryLike, createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface SecretKey {
  /** What names the secret beside what it has sealed, in hexadecimal: 32 bits of a hash, of which nobody finds a random secret. */
  readonly id: string;
  /** HMAC-SHA-256. */
  readonly mac: (...parts: readonly BinaryLike[]) => Buffer;
}

export interface Keyring {
  /** For what is made now. */
  readonly newest: SecretKey;
  /** All, newest first. */
  readonly keys: readonly SecretKey[];
  /** The HMAC under each, newest first: for what has to be looked up, as it was kept. */
  readonly macs: (...parts: readonly BinaryLike[]) => readonly Buffer[];
  /** Whether it is the HMAC of the parts under one of the secrets, compared in constant time. */
  readonly verifies: (mac: Uint8Array, ...parts: readonly BinaryLike[]) => boolean;
}

/** @param secrets newest first, one at least, of 32 characters or more each (`token-secrets.ts`) */
export function createKeyring(secrets: readonly string[]): Keyring {
  const keys = secrets.map(toSecretKey);
  const [newest] = keys;
  if (!newest) throw new RangeError('A keyring holds one secret at least');
  const macs: Keyring['macs'] = (...parts) => keys.map(({ mac }) => mac(...parts));
  return {
    newest,
    keys,
    macs,
    verifies: (mac, ...parts) =>
      macs(...parts).some((expected) => expected.length === mac.length && timingSafeEqual(expected, mac)),
  };
}

function toSecretKey(secret: string): SecretKey {
  return {
    id: createHash('sha256').update(`id\0${secret}`).digest('hex').slice(0, 8),
    mac: (...parts) => {
      const hmac = createHmac('sha256', secret);
      for (const part of parts) hmac.update(part);
      return hmac.digest();
    },
  };
}
