/** How a device is known again, without its User-Agent: by the account that it signed in to, by the session that it refreshes. */
import type { Keyring } from '../core/keyring.ts';

export interface DeviceHashes {
  /** What is kept. */
  readonly newest: Uint8Array;
  /** What may have been kept, under whichever secret: in hexadecimal. */
  readonly all: readonly string[];
}

const length = 16;

/**
 * HMAC-SHA-256, cut to 16 bytes: the same for every version of the same browser on the same system.
 *
 * @param id of the account or the session, under each of which it is another one
 */
export function hashDevice(id: string, userAgent: string | null | undefined, keyring: Keyring): DeviceHashes {
  const text = `device\0${id}\0${userAgent?.replace(/\d+/g, '') ?? ''}`;
  return {
    newest: keyring.newest.mac(text).subarray(0, length),
    all: keyring.macs(text).map((hash) => hash.toString('hex', 0, length)),
  };
}
