/** The `device_token` of a body, as a schema. */
import * as z from 'zod/mini';

/** The `device_token` of an earlier sign-in; one that is not ours counts for nothing. */
export const deviceToken = z.string().check(z.maxLength(72));
