/**
 * API keys: `bbk_`, the id in 22 characters of base62, `_`, a secret in 43, and the CRC-32 of all before it in six. The prefix and
 * the sum tell a key from whatever looks like one: a scanner finds no false ones, and one that was mistyped costs no look-up.
 * Only letters and digits, so that a double click takes all of it. At rest is the SHA-256 of the whole; 256 random bits need no
 * slow hash.
 */
import { hash, randomBytes } from 'node:crypto';

export interface ApiKey {
  /** A UUID. */
  readonly keyId: string;
  readonly hash: Uint8Array;
}

export interface NewApiKey extends ApiKey {
  /** Shown once. */
  readonly text: string;
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const prefix = 'bbk_';
const idLength = 22;
const pattern = /^bbk_([0-9A-Za-z]{22})_[0-9A-Za-z]{49}$/;

/** A new secret for the key of this id. */
export function createApiKey(keyId: string): NewApiKey {
  const secret = toBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43);
  const body = `${startOf(keyId)}_${secret}`;
  const text = body + toSum(body);
  return { keyId, text, hash: hashKey(text) };
}

/** What its lists show of a key, by which its owner finds it again; it opens nothing. */
export function startOf(keyId: string): string {
  return prefix + toBase62(BigInt(`0x${keyId.replaceAll('-', '')}`), idLength);
}

/** The key that a text is, or undefined for any text that nobody was ever given: without I/O. */
export function parseApiKey(text: string): ApiKey | undefined {
  const [, id] = pattern.exec(text) ?? [];
  if (id === undefined) return undefined;
  const number = parseBase62(id);
  if (number >= 2n ** 128n || toSum(text.slice(0, -6)) !== text.slice(-6)) return undefined;
  const hex = number.toString(16).padStart(32, '0');
  const keyId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { keyId, hash: hashKey(text) };
}

/**
 * What a text is known by that was a key a moment ago: its hash in base64, without the id and the sum, which cost fifteen times as
 * much. Undefined for a text that is not of the form.
 */
export function nameApiKey(text: string): string | undefined {
  return pattern.test(text) ? hash('sha256', text, 'base64') : undefined;
}

const hashKey = (text: string): Uint8Array => hash('sha256', text, 'buffer');

function toBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = (digits[Number(rest % 62n)] ?? '') + text;
  return text;
}

function parseBase62(text: string): bigint {
  let value = 0n;
  for (const digit of text) value = value * 62n + BigInt(digits.indexOf(digit));
  return value;
}

/** Of the ASCII text, as zlib and GitHub's tokens have it (ITU-T V.42, section 8.1.1.6.2), in six digits. */
function toSum(text: string): string {
  let sum = 0xffffffff;
  for (let nth = 0; nth < text.length; nth += 1) {
    sum ^= text.charCodeAt(nth);
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return toBase62(BigInt(~sum >>> 0), 6);
}
