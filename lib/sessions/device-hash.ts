/** How a device is known again, without its User-Agent: by the account that it signed in to, by the session that it refreshes. */
import type { Keyring } from '../core/keyring.ts';

/**
 * HMAC-SHA-256, cut to 16 bytes: the same for every version of the same browser on the same system.
 *
 * @param id of the account or the session, under each of which it is another one
 */
export function hashDevice(id: string, userAgent: string | null | undefined, keyring: Keyring): Uint8Array {
  const kind = userAgent?.replace(/\d+/g, '') ?? '';
  return keyring.mac(`device\0${id}\0${kind}`).subarray(0, 16);
}
