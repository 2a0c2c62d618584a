/** A person. */
import * as z from 'zod/mini';
import { languages } from '../../db/languages.ts';
import { id, time } from './scalars.ts';

export const userFields = {
  id,
  email: z.string().check(z.describe('In lower case, its host in ASCII')),
  name: z.nullable(z.string()),
  locale: z.enum(languages).check(z.describe('Of the emails to this person (BCP 47)')),
  email_verified: z.boolean(),
  created_at: time,
};

export const User = z.strictObject(userFields).register(z.globalRegistry, { id: 'User' });
