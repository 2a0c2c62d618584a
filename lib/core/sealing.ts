/**
 * Text that nobody reads or changes at rest: AES-256-GCM under a secret of the keyring, which it names, and bound to its row. In
 * bytes: a version, the id of the secret (4), the initialization vector (12), the tag (16), and what was encrypted.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keyring, SecretKey } from './keyring.ts';

/** Where a sealed text stands: in another row it does not open. */
export interface SealedPlace {
  readonly table: string;
  readonly id: string;
}

/** Why something sealed does not open. */
export class SealError extends Error {}

export const sealVersion = 1;
const headerLength = 5;
const ivLength = 12;
const tagLength = 16;

/** Under the newest secret. */
export function seal({ newest }: Keyring, { table, id }: SealedPlace, text: string): Uint8Array {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', newest.mac(`${table}\0`), iv).setAAD(
    Buffer.from(`${table}\0${id}`),
  );
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([
    Buffer.of(sealVersion),
    Buffer.from(newest.id, 'hex'),
    iv,
    cipher.getAuthTag(),
    encrypted,
  ]);
}

/** The id of the secret that something was sealed under; undefined without a header of ours. */
export function toSealId(sealed: Uint8Array): string | undefined {
  if (sealed[0] !== sealVersion) return undefined;
  return Buffer.from(sealed.subarray(1, headerLength)).toString('hex');
}

/** @throws {SealError} when its secret is in no keyring any more, or it is not what was sealed for this row */
export function unseal({ keys }: Keyring, place: SealedPlace, sealed: Uint8Array): string {
  const { table, id } = place;
  const sealId = toSealId(sealed);
  const key = keys.find((each) => each.id === sealId);
  if (key) {
    const text = decrypt(key, table, { sealed: sealed.subarray(headerLength), bound: `${table}\0${id}` });
    if (text === undefined) throw new SealError('not what was sealed for this row');
    return text;
  }
  // The form of the release before this one, without a header and bound to the row alone; the next one reads it no more.
  for (const each of keys) {
    const text = decrypt(each, table, { sealed, bound: id });
    if (text !== undefined) return text;
  }
  throw new SealError(
    `sealed under a secret that is not in TOKEN_SECRET${sealId === undefined ? '' : ` (${sealId})`}`,
  );
}

function decrypt(
  { mac }: SecretKey,
  table: string,
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
