/**
 * What an email says, from the statement that announces it to the one who sends it. It waits in the outbox sealed, because a
 * link's token may be in it: whoever reads the table can use none of them.
 */
import type { Keyring } from '../core/keyring.ts';
import { seal, unseal } from '../core/sealing.ts';
import { createUuid } from '../core/uuid.ts';
import type { EmailTemplate, EmailParameters } from './parameters.ts';

/** A row of the outbox, but for whom it is to. */
export interface EncryptedEmail {
  readonly id: string;
  readonly template: EmailTemplate;
  readonly payload: Uint8Array;
}

const table = 'outbox';

/**
 * @example
 * const notice = encryptEmail('password-changed', { device, at }, keyring);
 * sql`with changed as (...) ${enqueueEmail(notice, fragment`select id as user_id, email as recipient from changed`)}`
 */
export function encryptEmail<Name extends EmailTemplate>(
  template: Name,
  parameters: EmailParameters[Name],
  keyring: Keyring,
): EncryptedEmail {
  const id = createUuid();
  return { id, template, payload: seal(keyring, { table, id }, JSON.stringify(parameters)) };
}

/** @throws {SealError} when its secret is gone, or it was encrypted for another row */
export function decryptEmail(
  { id, payload }: Pick<EncryptedEmail, 'id' | 'payload'>,
  keyring: Keyring,
): unknown {
  return JSON.parse(unseal(keyring, { table, id }, payload));
}

/**
 * The same email under the newest secret.
 *
 * @throws {SealError} as `decryptEmail` does
 */
export function resealEmail(
  { id, payload }: Pick<EncryptedEmail, 'id' | 'payload'>,
  keyring: Keyring,
): Uint8Array {
  const place = { table, id };
  return seal(keyring, place, unseal(keyring, place, payload));
}
