/** What an email carries, as schemas of what people paste and type. */
import * as z from 'zod/mini';

/** The token of a mailed link, as people paste it: the whole link with it at its end, too. */
export const pastedToken = z.string().check(
  z.maxLength(1024),
  z.overwrite((text) => text.trim().replace(/^.*#/, '')),
  z.regex(/^[\w-]{43}$/, 'Must be the link of an email'),
);

/** The code of an email, as people type and paste it: `123 456`, too. */
export const typedCode = z.string().check(
  z.maxLength(64),
  z.overwrite((text) => text.replace(/[\s-]/g, '')),
  z.regex(/^\d{6}$/, 'Must be six digits'),
);
