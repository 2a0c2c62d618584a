/** Another name or slug for an organization. */
import { fragment, isUniqueViolation } from '../../db/sql.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import { auditAct } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  toId,
} from './caller-membership.ts';

export interface OrganizationChange {
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
}

interface Row extends CallerMembership {
  readonly name: string | null;
  readonly slug: string | null;
}

/**
 * Changes what is there, and leaves the rest.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`, `slug-taken`
 */
export async function changeOrganization(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  { name, slug }: OrganizationChange,
): Promise<OrganizationRow> {
  const id = toId(organizationId);
  const rows = database.sql<Row>`
    with caller as (${callerMembership(request.caller, id)}
    ), renamed as (
      update organizations
      set name = coalesce(${name ?? null}, organizations.name), slug = coalesce(${slug ?? null}, organizations.slug),
        updated_at = now()
      from caller
      where organizations.id = ${id} and deleted_at is null
        and ${permits(fragment`caller.role`, 'organization:write')}
      returning organizations.id, organizations.name, organizations.slug, caller.user_id
    ), audited as (${auditAct(
      'organization.renamed',
      request,
      'organization',
      fragment`select user_id, id as organization_id, id as target_id from renamed`,
    )}
    )
    select caller.role as caller_role, renamed.name, renamed.slug from caller left join renamed on true`;
  const [row] = await rows.catch((error: unknown) => {
    throw isUniqueViolation(error) ? new Problem('slug-taken') : error;
  });
  const role = assertPermitted(row, 'organization:write');
  // It was deleted at the same time.
  if (!row || row.name === null || row.slug === null) throw new Problem('not-found');
  return { id, name: row.name, slug: row.slug, role };
}
