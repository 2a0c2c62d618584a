/** A person. */
import * as z from 'zod/mini';
import { id, time } from './scalars.ts';

export const userFields = {
  id,
  email: z.string().check(z.describe('In lower case, its host in ASCII')),
  name: z.nullable(z.string()),
  email_verified: z.boolean(),
  created_at: time,
};

export const User = z.strictObject(userFields).register(z.globalRegistry, { id: 'User' });
