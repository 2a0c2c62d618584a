/** An invitation as whoever it is for finds it, by the token of its email or by their own address. */
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql, type SqlFragment } from '../../db/sql.ts';
import { Problem } from '../core/problem.ts';
import { reaches } from './caller-membership.ts';
import { hashToken } from './invitation.ts';
import { lockOrganizationWhere } from './organization-lock.ts';

export interface FoundInvitation {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly slug: string;
  readonly email: string;
  /**
   * What acceptance gives: the role that was given if whoever gave it could still give it, and `member` otherwise. The invitation of
   * somebody who is gone, or disabled, stays the organization's, whose admins see and can revoke it, and gives the least.
   */
  readonly role: Role;
  readonly invitedBy: string | null;
  /** The verified address of who invites. */
  readonly inviter: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly isMember: boolean;
  /** When all of this was read, or before it. */
  readonly asOf: Date;
}

interface Row extends FoundInvitation {
  readonly isRevoked: boolean;
  readonly isUsed: boolean;
  readonly isExpired: boolean;
}

/** The parts of a statement on `invitations` that read one, or several. Those of an organization that is deleted are not found. */
export const invitationColumns = fragment`
      invitations.id, invitations.organization_id, organizations.name, slug, invitations.email,
      case when ${reaches(fragment`membership.role`, fragment`invitations.role`)}
        then invitations.role else 'member' end as role,
      invitations.invited_by, inviter.email as inviter, invitations.created_at, invitations.expires_at`;
export const invitationTables = fragment`
      invitations
      join organizations on organizations.id = invitations.organization_id and deleted_at is null
      left join users as inviter on inviter.id = invitations.invited_by and inviter.email_verified_at is not null
        and inviter.disabled_at is null
      left join memberships as membership on membership.organization_id = invitations.organization_id
        and membership.user_id = inviter.id`;

/** @param which a condition on `invitations` */
export async function findInvitation(sql: Sql, which: SqlFragment): Promise<FoundInvitation | undefined> {
  const [found] = await sql<Row>`
    select ${invitationColumns},
      exists (
        select from memberships as own join users on users.id = own.user_id
        where own.organization_id = invitations.organization_id and users.email = invitations.email
      ) as is_member,
      now() as as_of, revoked_at is not null as is_revoked, coalesce(accepted_at, declined_at) is not null as is_used,
      expires_at <= clock_timestamp() as is_expired
    from ${invitationTables}
    where ${which}`;
  if (!found || found.isRevoked) return undefined;
  if (found.isUsed) throw new Problem('invitation-used');
  if (found.isExpired) throw new Problem('invitation-expired');
  return found;
}

/** @throws {Problem} `invitation-invalid`, `invitation-used`, `invitation-expired` */
export async function findInvitationByToken(sql: Sql, token: string): Promise<FoundInvitation> {
  const found = await findInvitation(sql, fragment`token_hash = ${hashToken(token)}`);
  if (!found) throw new Problem('invitation-invalid');
  return found;
}

/**
 * Lets nobody join, leave or invite in the organization of an invitation until the transaction ends: of many who accept it at
 * once the second finds it used.
 *
 * @param which a condition on `invitations`
 */
export async function lockOrganizationOf(sql: Sql, which: SqlFragment): Promise<void> {
  await lockOrganizationWhere(sql, fragment`id = (select organization_id from invitations where ${which})`);
}
