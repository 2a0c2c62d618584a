/** The fields that more than one endpoint takes, as schemas. */
import * as z from 'zod/mini';

// NUL can't be stored by Postgres, and a lone surrogate would be stored as another text than the one sent.
const storable = (text: string) => text.isWellFormed() && !text.includes('\0');
// A bidi control turns the text that follows a name around (Unicode Technical Report 36).
const printable = (text: string) => text.isWellFormed() && !/[\p{Cc}\p{Bidi_Control}]/u.test(text);
// U+2800 is a Braille cell without a dot; fillers, joiners and zero-width spaces are ignorable.
const visible = (text: string) => /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

/** Characters of a mail address (RFC 5321, section 4.5.3.1.3, without the angle brackets). */
const emailLength = 254;

// What a browser takes for `type=email` (WHATWG HTML, section 4.10.5.1.5), but for a host without a dot or of numbers.
const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/**
 * The host as mail servers know it, by the parser that every runtime has for URLs (WHATWG URL, section 3.5): `m\u00fcnchen` is
 * `xn--mnchen-3ya`. What would mean something else there, such as a port or a line end, stays as it is and is refused.
 */
function toAsciiHost(address: string): string {
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

const domainPattern =
  /^(?:[a-zA-Z\d](?:[a-zA-Z\d-]{0,61}[a-zA-Z\d])?\.)+[a-zA-Z](?:[a-zA-Z\d-]{0,61}[a-zA-Z\d])?$/;

/** The domain of mail addresses, as `email` has it behind the @. */
export const emailDomain = z.string().check(
  z.overwrite((domain) => toAsciiHost(`x@${domain}`).slice(2)),
  z.maxLength(253),
  z.regex(domainPattern, 'Must be the domain of a mail address'),
  z.toLowerCase(),
);

/** A password to set: 8 to 256 characters (NIST SP 800-63B, section 3.1.1.2), of any kind. */
export const newPassword = z
  .string()
  .check(z.minLength(8), z.maxLength(256), z.refine(storable, { error: 'Must be well-formed text' }));

/** A password to check: whatever it is, it is only compared. */
export const password = z
  .string()
  .check(z.minLength(1), z.maxLength(256), z.refine(storable, { error: 'Must be well-formed text' }));

/** What a person or an organization is called: 1 to 100 characters, some of them visible and none a control character. */
export const displayName = z
  .string()
  .check(
    z.trim(),
    z.minLength(1),
    z.maxLength(100),
    z.refine(printable, { error: 'Must be well-formed text without control characters' }),
    z.refine(visible, { error: 'Must have a character that can be seen' }),
  );

/** What an organization's address ends in: words of small letters and digits, with single hyphens between. */
export const slug = z
  .string()
  .check(
    z.maxLength(63),
    z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Must be small letters and digits, with single hyphens between'),
  );

/** The token of a mailed link: 32 bytes in base64url. */
export const linkToken = z.string().check(z.regex(/^[\w-]{43}$/, 'Must be the token of a mailed link'));

/** The same as people paste it: the whole link with it at its end, too. */
export const pastedToken = z.string().check(
  z.maxLength(1024),
  z.overwrite((text) => text.trim().replace(/^.*#/, '')),
  z.regex(/^[\w-]{43}$/, 'Must be the link of an email'),
);

/** The code of an email, as clients send it. */
export const mailedCode = z.string().check(z.regex(/^\d{6}$/, 'Must be six digits'));

/** The code of an email, as people type and paste it: `123 456`, too. */
export const typedCode = z.string().check(
  z.maxLength(64),
  z.overwrite((text) => text.replace(/[\s-]/g, '')),
  z.regex(/^\d{6}$/, 'Must be six digits'),
);

/** The `binding` of an answer to whoever asked for an email (`lib/accounts/binding.ts`): 32 bytes in base64url. */
export const bindingField = z.string().check(z.regex(/^[\w-]{43}$/, 'Must be a binding that was answered'));

/** The `device_token` of an earlier sign-in; one that is not ours counts for nothing. */
export const deviceToken = z.string().check(z.maxLength(72));
