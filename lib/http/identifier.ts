/** The id of something of ours as a field: by itself, for routes that take none of those in `fields.ts`. */
import * as z from 'zod/mini';

/** A UUID in any case; in lower case from here on. */
export const identifier = z
  .string()
  .check(z.regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'Must be a UUID'), z.toLowerCase());
