/** What an email carries, and what goes with its code, as schemas of what clients send. */
import * as z from 'zod/mini';

/** The token of a mailed link: 32 bytes in base64url. */
export const linkToken = z.string().check(z.regex(/^[\w-]{43}$/, 'Must be the token of a mailed link'));

/** The code of an email, as clients send it. */
export const mailedCode = z.string().check(z.regex(/^\d{6}$/, 'Must be six digits'));

/** The `binding` of an answer to whoever asked for an email (`lib/accounts/binding.ts`): 32 bytes in base64url. */
export const bindingField = z.string().check(z.regex(/^[\w-]{43}$/, 'Must be a binding that was answered'));
