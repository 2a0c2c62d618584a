/** A secret that a deployment shares with a machine that calls it, sent as a bearer (RFC 6750, section 2.1). */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header holds the secret; where there is none, nothing does. */
export function holdsSecret(authorization: string | undefined, secret: string | undefined): boolean {
  if (secret === undefined || authorization === undefined) return false;
  // Hashed first, so that the comparison takes the same time for any length.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization), digest(`Bearer ${secret}`));
}
