/**
 * The browser that asked for an email, known again by a cookie when the email's link comes back: there one click is
 * enough. It also remembers the address, so that a page can fill it in without an address in any URL.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { getOwnCookie, setOwnCookie } from './browser-session.ts';
import type { FunctionContext } from '../http/services.ts';

/** Seconds; longer than any link lives. */
const lifetime = 3600;

/** Sets the cookie, and answers the hash that is stored with the verification. Several emails of one browser share it. */
export function bindBrowser(c: FunctionContext, email: string): Uint8Array {
  const nonce = read(c)?.nonce ?? randomBytes(32).toString('base64url');
  setOwnCookie(c, 'asked', `${nonce}.${Buffer.from(email).toString('base64url')}`, lifetime);
  return hash(nonce);
}

/** Whether this browser asked for the email that has this hash stored with its verification. */
export function isBoundBrowser(c: FunctionContext, nonceHash: Uint8Array | null): boolean {
  const asked = read(c);
  return asked !== undefined && nonceHash !== null && timingSafeEqual(hash(asked.nonce), nonceHash);
}

/** The address that this browser asked an email for. */
export function boundEmail(c: FunctionContext): string | undefined {
  return read(c)?.email;
}

function read(c: FunctionContext) {
  const [, nonce, email] = getOwnCookie(c, 'asked')?.match(/^([\w-]{43})\.([\w-]{1,400})$/) ?? [];
  if (nonce === undefined || email === undefined) return undefined;
  return { nonce, email: Buffer.from(email, 'base64url').toString() };
}

const hash = (nonce: string) => createHash('sha256').update(nonce).digest();
