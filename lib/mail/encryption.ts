/**
 * What a letter says, from the statement that announces it to the one who sends it. It waits in the outbox under
 * AES-256-GCM, because a link's token may be in it: whoever reads the table can use none of them.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { createUuid } from '../core/uuid.ts';
import type { LetterName, LetterParameters } from './parameters.ts';

/** A row of the outbox, but for whom it is to. */
export interface SealedLetter {
  readonly id: string;
  readonly letter: LetterName;
  readonly sealed: Uint8Array;
}

const ivLength = 12;
const tagLength = 16;

/**
 * @example
 * const notice = sealLetter('password-changed', { device, at }, tokenSecret);
 * // insert into outbox (id, user_id, recipient, letter, sealed) select ${notice.id}, id, email, ${notice.letter}, ${notice.sealed} from changed
 */
export function sealLetter<Name extends LetterName>(
  letter: Name,
  parameters: LetterParameters[Name],
  secret: string,
): SealedLetter {
  const id = createUuid();
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', toKey(secret), iv).setAAD(Buffer.from(id));
  const text = Buffer.concat([cipher.update(JSON.stringify(parameters), 'utf8'), cipher.final()]);
  return { id, letter, sealed: Buffer.concat([iv, cipher.getAuthTag(), text]) };
}

/** @throws when it was sealed under another secret, or for another row */
export function openLetter({ id, sealed }: Pick<SealedLetter, 'id' | 'sealed'>, secret: string): unknown {
  const iv = sealed.subarray(0, ivLength);
  const decipher = createDecipheriv('aes-256-gcm', toKey(secret), iv, { authTagLength: tagLength })
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(ivLength, ivLength + tagLength));
  const text = Buffer.concat([decipher.update(sealed.subarray(ivLength + tagLength)), decipher.final()]);
  return JSON.parse(text.toString('utf8'));
}

function toKey(secret: string): Buffer {
  return createHmac('sha256', secret).update('outbox\0').digest();
}
