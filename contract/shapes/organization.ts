/** An organization, as one of its members sees it. */
import * as z from 'zod/mini';
import { roles } from '../../db/roles.ts';
import { id } from './scalars.ts';

export const organizationFields = {
  id,
  name: z.string(),
  slug: z.string(),
  role: z.enum(roles).check(z.describe('Of the person who asks')),
};

export const Organization = z
  .strictObject(organizationFields)
  .register(z.globalRegistry, { id: 'Organization' });
