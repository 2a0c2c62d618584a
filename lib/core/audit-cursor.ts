/**
 * Where a reader of the audit trail has got to, as a text to come back with. It is no secret, and authenticated, so that nobody
 * makes one: the cluster whose transactions are counted (8 bytes), the transaction (8), the event (16), and their HMAC (32).
 */
import type { Keyring } from './keyring.ts';

export interface AuditPosition {
  /** Of the cluster; transactions of another one are counted anew. */
  readonly systemId: string;
  readonly xact: string;
  readonly id: string;
}

const positionLength = 32;
const label = 'audit-cursor\0';

/** 86 characters of base64url. */
export function toAuditCursor({ newest }: Keyring, { systemId, xact, id }: AuditPosition): string {
  const position = Buffer.alloc(positionLength);
  position.writeBigInt64BE(BigInt(systemId), 0);
  position.writeBigUInt64BE(BigInt(xact), 8);
  position.write(id.replaceAll('-', ''), 16, 'hex');
  return Buffer.concat([position, newest.mac(label, position)]).toString('base64url');
}

/** Undefined for what `toAuditCursor` has not made under a secret of the keyring. */
export function parseAuditCursor({ verifies }: Keyring, text: string): AuditPosition | undefined {
  const bytes = Buffer.from(text, 'base64url');
  const position = bytes.subarray(0, positionLength);
  if (!verifies(bytes.subarray(positionLength), label, position)) return undefined;
  return {
    systemId: String(position.readBigInt64BE(0)),
    xact: String(position.readBigUInt64BE(8)),
    id: position.toString('hex', 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  };
}
