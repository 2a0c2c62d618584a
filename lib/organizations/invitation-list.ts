/** The open invitations of an organization: at most a hundred, and so in one piece. */
import type { Role } from '../../db/schema.ts';
import { fragment } from '../../db/sql.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  toId,
} from './caller-membership.ts';
import { type Invitation, isOpen } from './invitation.ts';

interface Row extends CallerMembership {
  readonly id: string | null;
  readonly email: string | null;
  readonly role: Role | null;
  readonly invitedBy: string | null;
  readonly createdAt: Date | null;
  readonly expiresAt: Date | null;
}

/**
 * The newest first; those that have expired too, until they are sent again, revoked or swept.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`
 */
export async function listInvitations(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
): Promise<readonly Invitation[]> {
  const id = toId(organizationId);
  const rows = await database.sql<Row>`
    with caller as (${callerMembership(caller, id)}
    )
    select caller.role as caller_role, invitations.id, email, invitations.role, invited_by, created_at, expires_at
    from caller left join invitations on organization_id = ${id} and ${isOpen}
      and ${permits(fragment`caller.role`, 'invitations:write')}
    order by created_at desc, invitations.id desc`;
  assertPermitted(rows[0], 'invitations:write');
  return rows.filter(isInvitation);
}

/** Where there are none, one row is of nulls. */
const isInvitation = (row: Row): row is Row & Invitation => row.id !== null;
