/** Values that more than one shape has. */
import * as z from 'zod/mini';

/** UUIDv7 (RFC 9562); a client needs to know no more than that it is a UUID. */
export const id = z.uuid();

/** RFC 3339, in UTC, with milliseconds. */
export const time = z.iso.datetime();

export const address = z.string().check(z.describe('IPv4 or IPv6'));
