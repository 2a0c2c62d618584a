/** A device that a person is signed in on. */
import * as z from 'zod/mini';
import { address, id, time } from './scalars.ts';

export const Session = z
  .strictObject({
    id,
    current: z.boolean().check(z.describe('Whether it is the one that asks')),
    user_agent: z.nullable(z.string()),
    address: z.nullable(address),
    created_at: time,
    last_used_at: time.check(z.describe('When it was last refreshed')),
    expires_at: time,
  })
  .register(z.globalRegistry, { id: 'Session' });
