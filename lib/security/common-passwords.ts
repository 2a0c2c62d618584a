/**
 * Passwords that anybody would try first (OWASP ASVS 5.0, 6.2.4): the 3,000 most often seen of those that are long enough,
 * and what is no more than a repetition or a sequence. The list is 24 bits of each one's SHA-256, 12 kB, so that one in
 * 5,600 of all other passwords is refused too.
 */
import { createHash } from 'node:crypto';
import { commonPasswordFingerprints } from './common-password-fingerprints.ts';

/** Four characters of base64 are three bytes. */
const fingerprintLength = 4;

/** The password in the list's form; large and small letters make no difference. */
export function toFingerprint(password: string): string {
  return createHash('sha256').update(fold(password)).digest().subarray(0, 3).toString('base64');
}

export function isCommonPassword(password: string): boolean {
  const text = fold(password);
  return isRepetition(text) || isSequence(text) || isListed(toFingerprint(text));
}

const fold = (password: string) => password.normalize('NFKC').toLowerCase();

const isRepetition = (text: string) => /^(.{1,3}?)\1+$/su.test(text);

/** Each character the next of the one before, or each the one before it: `12345678`, `hgfedcba`. */
function isSequence(text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(points.slice(1).map((point, nth) => toStep(point - (points[nth] ?? 0))));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

/** On a keyboard 0 stands behind 9. */
function toStep(distance: number): number {
  if (distance === -9) return 1;
  return distance === 9 ? -1 : distance;
}

function isListed(fingerprint: string): boolean {
  for (let at = 0; at < commonPasswordFingerprints.length; at += fingerprintLength) {
    if (commonPasswordFingerprints.startsWith(fingerprint, at)) return true;
  }
  return false;
}
