/** What more than one endpoint of API keys takes, as schemas. */
import * as z from 'zod/mini';
import { permissionNames } from '../core/permissions.ts';

/** What a key is for: names of permissions. */
export const scopes = z
  .array(z.enum(permissionNames, 'There is no such permission'))
  .check(z.minLength(1), z.maxLength(50));

/** So many requests in any so many seconds, a day at most. */
export const rate = z.strictObject({
  requests: z.int().check(z.gte(1), z.lte(100_000)),
  seconds: z.int().check(z.gte(1), z.lte(86_400)),
});

/** A text that may be a key: an endpoint that ends keys takes whatever was found. */
export const keyText = z.string().check(z.maxLength(256));
