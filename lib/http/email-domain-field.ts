/** The domain of mail addresses, as a schema. */
import * as z from 'zod/mini';
import { toAsciiHost } from './email-field.ts';

const domainPattern =
  /^(?:[a-zA-Z\d](?:[a-zA-Z\d-]{0,61}[a-zA-Z\d])?\.)+[a-zA-Z](?:[a-zA-Z\d-]{0,61}[a-zA-Z\d])?$/;

/** The domain of mail addresses, as `email` has it behind the @. */
export const emailDomain = z.string().check(
  z.overwrite((domain) => toAsciiHost(`x@${domain}`).slice(2)),
  z.maxLength(253),
  z.regex(domainPattern, 'Must be the domain of a mail address'),
  z.toLowerCase(),
);
