/**
 * What an email says, from the statement that announces it to the one who sends it. It waits in the outbox under
 * AES-256-GCM, because a link's token may be in it: whoever reads the table can use none of them.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { createUuid } from '../core/uuid.ts';
import type { EmailTemplate, EmailParameters } from './parameters.ts';

/** A row of the outbox, but for whom it is to. */
export interface EncryptedEmail {
  readonly id: string;
  readonly template: EmailTemplate;
  readonly payload: Uint8Array;
}

const ivLength = 12;
const tagLength = 16;

/**
 * @example
 * const notice = encryptEmail('password-changed', { device, at }, tokenSecret);
 * sql`with changed as (...) ${enqueueEmail(notice, fragment`select id as user_id, email as recipient from changed`)}`
 */
export function encryptEmail<Name extends EmailTemplate>(
  template: Name,
  parameters: EmailParameters[Name],
  secret: string,
): EncryptedEmail {
  const id = createUuid();
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', toKey(secret), iv).setAAD(Buffer.from(id));
  const text = Buffer.concat([cipher.update(JSON.stringify(parameters), 'utf8'), cipher.final()]);
  return { id, template, payload: Buffer.concat([iv, cipher.getAuthTag(), text]) };
}

/** @throws when it was encrypted under another secret, or for another row */
export function decryptEmail(
  { id, payload }: Pick<EncryptedEmail, 'id' | 'payload'>,
  secret: string,
): unknown {
  const iv = payload.subarray(0, ivLength);
  const decipher = createDecipheriv('aes-256-gcm', toKey(secret), iv, { authTagLength: tagLength })
    .setAAD(Buffer.from(id))
    .setAuthTag(payload.subarray(ivLength, ivLength + tagLength));
  const text = Buffer.concat([decipher.update(payload.subarray(ivLength + tagLength)), decipher.final()]);
  return JSON.parse(text.toString('utf8'));
}

function toKey(secret: string): Buffer {
  return createHmac('sha256', secret).update('outbox\0').digest();
}
