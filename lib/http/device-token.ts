/**
 * What a client holds that has signed in to an account before: `issued at . nonce . HMAC`, bound to the address. It opens
 * nothing; its holder is only counted apart from strangers, so that their wrong passwords and their requests for emails lock
 * no owner out (OWASP ASVS 5, 6.1.1). It is good for 90 days, and not any more once the account suspects a thief: the
 * HMAC alone tells the age, and the account's row since when a token must be (`users.device_tokens_since`).
 */
import { randomBytes } from 'node:crypto';
import type { Keyring } from '../core/keyring.ts';

export interface DeviceToken {
  /** By which its holder is counted; the same in a token that was renewed. */
  readonly nonce: string;
  readonly issuedAt: Date;
}

/** Whom a token is made for, when, and since when the account takes one. */
export interface DeviceTokenGrounds {
  readonly email: string;
  /** By the database's clock, as `since` is. */
  readonly issuedAt: Date;
  readonly since: Date;
}

/** Seconds that a token is good for, and a browser keeps it. */
export const deviceTokenLifetime = 90 * 86_400;

const dateLength = 6;
const nonceLength = 16;
const bodyLength = dateLength + nonceLength;
const pattern = /^[\w-]{72}$/;

export function createDeviceToken({ nonce, issuedAt }: DeviceToken, email: string, keyring: Keyring): string {
  const body = Buffer.alloc(bodyLength);
  body.writeUIntBE(issuedAt.getTime(), 0, dateLength);
  body.write(nonce, dateLength, 'base64url');
  return Buffer.concat([body, keyring.newest.mac(...toSigned(body, email))]).toString('base64url');
}

/** A token that was made for this address in the last 90 days; undefined for any other text. */
export function verifyDeviceToken(
  text: string | undefined,
  email: string,
  keyring: Keyring,
): DeviceToken | undefined {
  if (text === undefined || !pattern.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const body = bytes.subarray(0, bodyLength);
  if (!keyring.verifies(bytes.subarray(bodyLength), ...toSigned(body, email))) return undefined;
  const issuedAt = new Date(body.readUIntBE(0, dateLength));
  if (issuedAt.getTime() + deviceTokenLifetime * 1000 <= Date.now()) return undefined;
  return { nonce: body.toString('base64url', dateLength), issuedAt };
}

/**
 * The token of a client that has just signed in. One that it had keeps its nonce, so that each sign-in does not add an
 * allowance; one from before `since` does not.
 *
 * @param held what the client has presented, whatever it is worth
 */
export function renewDeviceToken(
  held: string | undefined,
  { email, issuedAt, since }: DeviceTokenGrounds,
  keyring: Keyring,
): string {
  const known = verifyDeviceToken(held, email, keyring);
  const nonce =
    known && known.issuedAt >= since ? known.nonce : randomBytes(nonceLength).toString('base64url');
  return createDeviceToken({ nonce, issuedAt }, email, keyring);
}

const toSigned = (body: Uint8Array, email: string) => ['device-token\0', body, email] as const;
