/**
 * The browser that asked for an email, known again by a cookie when the email's link comes back: there one click is
 * enough. It also remembers the address, so that a page can fill it in without an address in any URL.
 */
import { timingSafeEqual } from 'node:crypto';
import { createBinding, hashBinding } from '../accounts/binding.ts';
import { getOwnCookie, setOwnCookie } from '../http/own-cookie.ts';
import type { FunctionContext } from '../http/services.ts';

/** Seconds; longer than any link lives. */
const lifetime = 3600;

/** Sets the cookie, and answers what the verification is bound to. Several emails of one browser share it. */
export function bindBrowser(c: FunctionContext, email: string): string {
  const binding = bindingOf(c) ?? createBinding();
  setOwnCookie(c, 'asked', `${binding}.${Buffer.from(email).toString('base64url')}`, lifetime);
  return binding;
}

/** Whether this browser asked for the email that has this hash stored with its verification. */
export function isBoundBrowser(c: FunctionContext, bindingHash: Uint8Array | null): boolean {
  const binding = bindingOf(c);
  return binding !== undefined && bindingHash !== null && timingSafeEqual(hashBinding(binding), bindingHash);
}

/** What this browser's verifications are bound to, if it asked for any within the hour. */
export function bindingOf(c: FunctionContext): string | undefined {
  return read(c)?.binding;
}

/** The address that this browser asked an email for. */
export function boundEmail(c: FunctionContext): string | undefined {
  return read(c)?.email;
}

function read(c: FunctionContext) {
  const [, binding, email] = getOwnCookie(c, 'asked')?.match(/^([\w-]{43})\.([\w-]{1,400})$/) ?? [];
  if (binding === undefined || email === undefined) return undefined;
  return { binding, email: Buffer.from(email, 'base64url').toString() };
}
