/**
 * The secrets of TOKEN_SECRET, newest first. The newest keys and seals what is made now; each of them verifies and opens, so that
 * what was made before a rotation is good until its secret is taken out. A host makes it once; functions get its methods and no
 * text of a secret.
 */
import {
  type BinaryLike,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** Where a sealed text stands: in another row it does not open. */
export interface SealedPlace {
  readonly table: string;
  readonly id: string;
}

export interface Keyring {
  /** The ids of the secrets in hexadecimal, newest first. */
  readonly ids: readonly string[];
  /** HMAC-SHA-256 under the newest secret. */
  readonly mac: (...parts: readonly BinaryLike[]) => Buffer;
  /** The same under each secret, newest first: for what has to be looked up, as it was kept. */
  readonly macs: (...parts: readonly BinaryLike[]) => readonly Buffer[];
  /** Whether it is the HMAC of the parts under one of the secrets, compared in constant time. */
  readonly verifies: (mac: Uint8Array, ...parts: readonly BinaryLike[]) => boolean;
  /** AES-256-GCM under the newest secret. */
  readonly seal: (place: SealedPlace, text: string) => Uint8Array;
  /** @throws {SealError} */
  readonly open: (place: SealedPlace, sealed: Uint8Array) => string;
}

/** Why something sealed does not open. */
export class SealError extends Error {}

/** Bytes of a sealed text: the version, the id of its secret, then what GCM wants. */
export const sealVersion = 1;
const idLength = 4;
const headerLength = 1 + idLength;
const ivLength = 12;
const tagLength = 16;

/** @param secrets newest first, one at least, of 32 characters or more each (`token-secrets.ts`) */
export function createKeyring(secrets: readonly string[]): Keyring {
  const [newest, ...older] = secrets.map(toSecretKey);
  if (!newest) throw new RangeError('A keyring holds one secret at least');
  const keys = [newest, ...older];
  return {
    ids: keys.map(({ id }) => id.toString('hex')),
    mac: newest.mac,
    macs: (...parts) => keys.map(({ mac }) => mac(...parts)),
    verifies: (mac, ...parts) =>
      keys.some((key) => {
        const expected = key.mac(...parts);
        return expected.length === mac.length && timingSafeEqual(expected, mac);
      }),
    seal: (place, text) => seal(newest, place, text),
    open: (place, sealed) => open(keys, place, sealed),
  };
}

/** The name of the secret that something was sealed under, in hexadecimal; undefined without a header of our own. */
export function toSealId(sealed: Uint8Array): string | undefined {
  if (sealed[0] !== sealVersion) return undefined;
  return Buffer.from(sealed.subarray(1, headerLength)).toString('hex');
}

interface SecretKey {
  /** What names the secret beside what it has sealed: 32 bits of a hash, of which nobody finds a random secret. */
  readonly id: Buffer;
  readonly mac: Keyring['mac'];
}

function toSecretKey(secret: string): SecretKey {
  return {
    id: createHash('sha256').update(`id\0${secret}`).digest().subarray(0, idLength),
    mac: (...parts) =>
      parts
        .reduce<ReturnType<typeof createHmac>>(
          (hmac, part) => hmac.update(part),
          createHmac('sha256', secret),
        )
        .digest(),
  };
}

function seal({ id, mac }: SecretKey, { table, id: row }: SealedPlace, text: string): Uint8Array {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', mac(`${table}\0`), iv).setAAD(Buffer.from(`${table}\0${row}`));
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(sealVersion), id, iv, cipher.getAuthTag(), encrypted]);
}

function open(keys: readonly SecretKey[], place: SealedPlace, sealed: Uint8Array): string {
  const { table, id: row } = place;
  const id = toSealId(sealed);
  const key = keys.find((each) => each.id.toString('hex') === id);
  if (key) {
    const text = decrypt(key, place, { sealed: sealed.subarray(headerLength), bound: `${table}\0${row}` });
    if (text === undefined) throw new SealError('not what was sealed for this row');
    return text;
  }
  // The form of the release before this one, without a header and bound to the row alone; the next one reads it no more.
  for (const each of keys) {
    const text = decrypt(each, place, { sealed, bound: row });
    if (text !== undefined) return text;
  }
  throw new SealError(
    `sealed under a secret that is not in TOKEN_SECRET${id === undefined ? '' : ` (${id})`}`,
  );
}

function decrypt(
  { mac }: SecretKey,
  { table }: SealedPlace,
  { sealed, bound }: { readonly sealed: Uint8Array; readonly bound: string },
): string | undefined {
  const [iv, tag] = [sealed.subarray(0, ivLength), sealed.subarray(ivLength, ivLength + tagLength)];
  if (tag.length < tagLength) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', mac(`${table}\0`), iv, { authTagLength: tagLength })
    .setAAD(Buffer.from(bound))
    .setAuthTag(tag);
  const text = decipher.update(sealed.subarray(ivLength + tagLength), undefined, 'utf8');
  try {
    return text + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
