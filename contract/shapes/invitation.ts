/** An invitation into an organization, as those see it who may invite there. */
import * as z from 'zod/mini';
import { roles } from '../../db/roles.ts';
import { id, time } from './scalars.ts';

export const Invitation = z
  .strictObject({
    id,
    email: z.string(),
    role: z.enum(roles).check(z.describe('At most the role that the inviter still has at acceptance')),
    invited_by: z.nullable(id).check(z.describe('The user who sent it; null once they have no account')),
    created_at: time,
    expires_at: time,
  })
  .register(z.globalRegistry, { id: 'Invitation' });
