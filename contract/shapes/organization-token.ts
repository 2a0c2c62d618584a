/** What opens an organization to a session that goes on. */
import * as z from 'zod/mini';
import { Organization } from './organization.ts';
import { accessTokenFields } from './token-pair.ts';

export const OrganizationToken = z.strictObject({ ...accessTokenFields, organization: Organization });
