/** Passwords, as schemas: one to set, and one to check. */
import * as z from 'zod/mini';

// NUL can't be stored by Postgres, and a lone surrogate would be stored as another text than the one sent.
const storable = (text: string) => text.isWellFormed() && !text.includes('\0');

/** A password to set: 8 to 256 characters (NIST SP 800-63B, section 3.1.1.2), of any kind. */
export const newPassword = z
  .string()
  .check(z.minLength(8), z.maxLength(256), z.refine(storable, { error: 'Must be well-formed text' }));

/** A password to check: whatever it is, it is only compared. */
export const password = z
  .string()
  .check(z.minLength(1), z.maxLength(256), z.refine(storable, { error: 'Must be well-formed text' }));
