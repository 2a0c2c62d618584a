/**
 * What ties a code to the client that asked for it, so that a stranger's guess needs the owner's own request (OWASP ASVS
 * 5, 6.6.2): 32 random bytes that only the asking client gets, by its answer or its cookie. Only their hash is at rest.
 */
import { createHash, randomBytes } from 'node:crypto';

export function createBinding(): string {
  return randomBytes(32).toString('base64url');
}

export function hashBinding(binding: string): Uint8Array {
  return createHash('sha256').update(binding).digest();
}
