/** A member of an organization, as the other members see them. */
import * as z from 'zod/mini';
import { roles } from '../../db/roles.ts';
import { id, time } from './scalars.ts';

export const Member = z
  .strictObject({
    user_id: id,
    email: z.string(),
    name: z.nullable(z.string()),
    role: z.enum(roles),
    joined_at: time,
  })
  .register(z.globalRegistry, { id: 'Member' });
