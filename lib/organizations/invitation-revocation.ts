/** Taking an invitation back. */
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  reaches,
  toId,
} from './caller-membership.ts';
import { isOpen } from './invitation.ts';
import { lockOrganization } from './organization-lock.ts';

interface Row extends CallerMembership {
  /** Null where there is no such open invitation. */
  readonly role: Role | null;
  readonly reaches: boolean | null;
}

/**
 * From now on its link is worth nothing. Nobody takes back an invitation to a role above their own.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`
 */
export async function revokeInvitation(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  invitationId: string,
): Promise<void> {
  const invitation = { organizationId: toId(organizationId), id: toId(invitationId) };
  const row = await database.transaction(async (sql) => {
    await lockOrganization(sql, invitation.organizationId, request.caller.userId);
    return markRevoked(sql, request, invitation);
  });
  assertPermitted(row, 'invitations:write');
  if (!row || row.role === null) throw new Problem('not-found');
  if (!row.reaches) throw toDenied('invitations:write');
}

async function markRevoked(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { organizationId, id }: { readonly organizationId: string; readonly id: string },
): Promise<Row | undefined> {
  const [row] = await sql<Row>`
    with caller as (${callerMembership(request.caller, organizationId)}
    ), decided as (
      select caller.user_id, caller.role as caller_role, invitations.id, invitations.role,
        ${reaches(fragment`caller.role`, fragment`invitations.role`)} as reaches
      from caller left join invitations
        on invitations.id = ${id} and organization_id = ${organizationId} and ${isOpen}
    ), revoked as (
      update invitations set revoked_at = now()
      from decided
      where invitations.id = decided.id and reaches and ${permits(fragment`caller_role`, 'invitations:write')}
      returning invitations.id, organization_id, decided.user_id
    ), audited as (${auditAct(
      'invitation.revoked',
      request,
      'invitation',
      fragment`select user_id, organization_id, id as target_id from revoked`,
    )}
    )
    select caller_role, role, reaches from decided`;
  return row;
}
