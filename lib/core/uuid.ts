/** UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits; sorts by time of making. */

let lastNow = Number.NaN;
let lastStart = '';

/** The random bits and the variant are those of a UUIDv4, for which runtimes keep entropy at hand. */
export function createUuid(now: number = Date.now()): string {
  // Writing out the time takes longer than all the rest, and many are made within a millisecond.
  if (now !== lastNow) {
    const time = now.toString(16).padStart(12, '0');
    lastStart = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    lastNow = now;
  }
  return lastStart + crypto.randomUUID().slice(15);
}

/** Whether the text is a UUID of any version in its lower-case form. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
