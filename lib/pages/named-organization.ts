/** The organization that a page is about which who signs in anew comes back to: a new sign-in may start in another one. */
import type { OrganizationRow } from '../accounts/account.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { FunctionContext } from '../http/services.ts';
import { readCurrentOrganization } from '../organizations/current-organization.ts';
import { readOrganization } from '../organizations/organization-reading.ts';

/**
 * The one that the address names, or else the one that the session works in; undefined for a session that is in none.
 *
 * @throws {Problem} `session-ended`, `not-found`
 */
export async function readNamedOrganization(
  c: FunctionContext<'database'>,
  request: GuardedRequest<Caller>,
): Promise<OrganizationRow | undefined> {
  const id = c.req.query('organization');
  return id === undefined ? readCurrentOrganization(c.env, request) : readOrganization(c.env, request, id);
}
