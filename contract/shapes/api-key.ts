/** An API key as those see it who manage it. */
import * as z from 'zod/mini';
import { permissionNames } from '../../lib/core/permissions.ts';
import { id, time } from './scalars.ts';

export const ApiKey = z
  .strictObject({
    id,
    start: z.string().check(z.describe('How its text begins; it opens nothing')),
    name: z.string(),
    organization_id: id,
    user_id: z.nullable(id).check(z.describe('Whose it is; null for the organization’s own')),
    scopes: z
      .array(z.enum(permissionNames))
      .check(z.describe('A personal key may no more of it than its owner may')),
    limit: z.strictObject({
      requests: z.int(),
      seconds: z.int(),
      of: z.enum(['key', 'plan']).check(z.describe('Its own, or what the plan of its organization allows')),
    }),
    expires_at: z.nullable(time),
    previous_until: z
      .nullable(time)
      .check(z.describe('For how long the text before the last rotation goes on')),
    last_used_at: z.nullable(time).check(z.describe('To ten minutes')),
    last_used_network: z.nullable(z.string()).check(z.describe('A /24 of IPv4, a /48 of IPv6')),
    created_by: z.nullable(id),
    created_at: time,
  })
  .register(z.globalRegistry, { id: 'ApiKey' });

export const IssuedApiKey = z.strictObject({
  key: z.string().check(z.describe('Told in this response alone')),
  api_key: ApiKey,
});
