/** UUIDs that are made of a name: the same one for the same name, wherever and whenever it is made. */
import { createHash } from 'node:crypto';

/**
 * A UUIDv8 (RFC 9562, section 5.8 and appendix B.2): 122 bits of the SHA-256 of the name. Nobody finds a name for the id of
 * something that is there already.
 */
export function createNamedUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0b11) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
