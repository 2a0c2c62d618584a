/** A mail address, as a schema: what endpoints take and compare is always of one form. */
import * as z from 'zod/mini';

/** Characters of a mail address (RFC 5321, section 4.5.3.1.3, without the angle brackets). */
const emailLength = 254;

// What a browser takes for `type=email` (WHATWG HTML, section 4.10.5.1.5), but for a host without a dot or of numbers.
const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/**
 * The host as mail servers know it, by the parser that every runtime has for URLs (WHATWG URL, section 3.5): `m\u00fcnchen` is
 * `xn--mnchen-3ya`. What would mean something else there, such as a port or a line end, stays as it is and is refused.
 */
export function toAsciiHost(address: string): string {
  // Not before the length is known: what a label costs to convert grows with its square.
  if (address.length > emailLength) return address;
  const [, mailbox, host] = address.match(/^([^@]*)@((?:[a-z\d.-]|[^\0-\x7f])+)$/i) ?? [];
  if (mailbox === undefined || host === undefined) return address;
  return `${mailbox}@${URL.parse(`http://${host}`)?.hostname ?? ''}`;
}

/** A mail address, trimmed, its host in ASCII and all in lower case, as it is stored and compared. */
export const email = z
  .string()
  .check(
    z.trim(),
    z.overwrite(toAsciiHost),
    z.maxLength(emailLength),
    z.regex(emailPattern, 'Must be a mail address'),
    z.toLowerCase(),
  );
