/** One organization, as a member of it sees it. */
import type { OrganizationRow } from '../accounts/account.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import { Problem } from '../core/problem.ts';
import type { Services } from '../http/services.ts';
import { assertPermitted, type CallerMembership, callerMembership, toId } from './caller-membership.ts';

interface Row extends CallerMembership {
  readonly name: string | null;
  readonly slug: string | null;
}

/** @throws {Problem} `session-ended`, `not-found` */
export async function readOrganization(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
): Promise<OrganizationRow> {
  const id = toId(organizationId);
  const [row] = await database.sql<Row>`
    with caller as (${callerMembership(caller, id)}
    )
    select caller.role as caller_role, name, slug
    from caller left join organizations on organizations.id = ${id} and caller.role is not null`;
  const role = assertPermitted(row, 'members:read');
  if (!row || row.name === null || row.slug === null) throw new Problem('not-found');
  return { id, name: row.name, slug: row.slug, role };
}
