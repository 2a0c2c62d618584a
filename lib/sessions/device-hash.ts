/** How a device is known again, without its User-Agent: by the account that it signed in to, by the session that it refreshes. */
import { createHmac } from 'node:crypto';

/**
 * HMAC-SHA-256, cut to 16 bytes: the same for every version of the same browser on the same system.
 *
 * @param id of the account or the session, under each of which it is another one
 * @param secret TOKEN_SECRET
 */
export function hashDevice(id: string, userAgent: string | null | undefined, secret: string): Uint8Array {
  const kind = userAgent?.replace(/\d+/g, '') ?? '';
  return createHmac('sha256', secret).update(`device\0${id}\0${kind}`).digest().subarray(0, 16);
}
