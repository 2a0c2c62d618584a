/** The organization that a page to part with one is about: only its owners are shown it. */
import type { OrganizationRow } from '../accounts/account.ts';
import { hasPermission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { FunctionContext } from '../http/services.ts';
import { readNamedOrganization } from './named-organization.ts';

/** @throws {Problem} `session-ended`, `not-found`, `permission-denied` */
export async function readOwnedOrganization(
  c: FunctionContext<'database'>,
  request: GuardedRequest<Caller>,
): Promise<OrganizationRow> {
  const organization = await readNamedOrganization(c, request);
  if (!organization) throw new Problem('not-found');
  if (!hasPermission(organization.role, 'organization:delete')) throw toDenied('organization:delete');
  return organization;
}
