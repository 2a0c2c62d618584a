/**
 * Refresh tokens: `session id . counter . nonce . HMAC`, opaque to clients. The nonce is the session's own secret and
 * only its hash is at rest; the HMAC is keyed by a secret of the deployment. Whoever steals the table lacks both
 * the nonce and the key, whoever steals the key lacks the nonce: neither forges a token, nor do both together.
 * A token that is not ours is known as such without asking the database.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Keyring } from '../core/keyring.ts';

export interface RefreshToken {
  readonly sessionId: string;
  /** The generation within the session: 0 for the first, one more at each rotation. */
  readonly counter: number;
  readonly nonce: Uint8Array;
}

// A fixed prefix, so that secret scanners and our own log know a leaked token when they see one.
const prefix = 'bbrt_';
const label = 'refresh-token\0';
const nonceLength = 16;
const bodyLength = 16 + 4 + nonceLength;
// The successor's counter is still an integer of Postgres (4 bytes, signed).
const highestCounter = 2 ** 31 - 2;
// 36 bytes of body and 32 of HMAC in base64url; anything else is refused before a byte is decoded.
const pattern = /^bbrt_[\w-]{91}$/;

export function createNonce(): Uint8Array {
  return randomBytes(nonceLength);
}

export function hashNonce(nonce: Uint8Array): Uint8Array {
  return createHash('sha256').update(nonce).digest();
}

/** The token as the client gets it; the same token always has the same text. */
export function formatRefreshToken(token: RefreshToken, keyring: Keyring): string {
  const body = Buffer.alloc(bodyLength);
  body.write(token.sessionId.replaceAll('-', ''), 'hex');
  body.writeUInt32BE(token.counter, 16);
  body.set(token.nonce, 20);
  return prefix + Buffer.concat([body, keyring.newest.mac(label, body)]).toString('base64url');
}

/** The token that the text holds, or undefined for any text that this deployment did not make. */
export function parseRefreshToken(text: string, keyring: Keyring): RefreshToken | undefined {
  if (!pattern.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url');
  // The last character has two bits to spare (RFC 4648, section 3.5): one token, one text.
  if (prefix + bytes.toString('base64url') !== text) return undefined;
  const body = bytes.subarray(0, bodyLength);
  if (!keyring.verifies(bytes.subarray(bodyLength), label, body)) return undefined;
  const id = body.toString('hex', 0, 16);
  const counter = body.readUInt32BE(16);
  if (counter > highestCounter) return undefined;
  return {
    sessionId: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
    counter,
    nonce: Uint8Array.from(body.subarray(20)),
  };
}
