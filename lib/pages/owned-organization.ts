/** The organization that a page to part with one is about: only its owners are shown it. */
import type { OrganizationRow } from '../accounts/account.ts';
import { hasPermission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { FunctionContext } from '../http/services.ts';
import { readCurrentOrganization } from '../organizations/current-organization.ts';
import { readOrganization } from '../organizations/organization-reading.ts';

/**
 * The one that the address names, or else the one that the session works in.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`
 */
export async function readOwnedOrganization(
  c: FunctionContext<'database'>,
  request: GuardedRequest<Caller>,
): Promise<OrganizationRow> {
  const id = c.req.query('organization');
  const organization =
    id === undefined
      ? await readCurrentOrganization(c.env, request)
      : await readOrganization(c.env, request, id);
  if (!organization) throw new Problem('not-found');
  if (!hasPermission(organization.role, 'organization:delete')) throw toDenied('organization:delete');
  return organization;
}
