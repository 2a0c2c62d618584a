/**
 * What a client holds that has signed in to an account before: `nonce . HMAC`, bound to the address. It opens nothing; its
 * holder is only counted apart from strangers, so that their wrong passwords and their requests for emails lock no owner
 * out (OWASP ASVS 5, 6.1.1).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const nonceLength = 16;
const pattern = /^[\w-]{64}$/;

export function createDeviceToken(email: string, secret: string): string {
  const nonce = randomBytes(nonceLength);
  return Buffer.concat([nonce, sign(nonce, email, secret)]).toString('base64url');
}

/** The nonce of a token that was made for this address, by which its holder is counted; undefined for any other text. */
export function verifyDeviceToken(text: string, email: string, secret: string): string | undefined {
  if (!pattern.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const nonce = bytes.subarray(0, nonceLength);
  if (!timingSafeEqual(bytes.subarray(nonceLength), sign(nonce, email, secret))) return undefined;
  return nonce.toString('base64url');
}

function sign(nonce: Uint8Array, email: string, secret: string): Buffer {
  return createHmac('sha256', secret).update('device-token\0').update(nonce).update(email).digest();
}
