/** The invitations of a person's own address, for who is signed in and has not got the email at hand. */
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { type FoundInvitation, invitationColumns, invitationTables } from './found-invitation.ts';
import { isOpen } from './invitation.ts';
import { readJoiner } from './joining.ts';

export type OwnInvitation = Omit<FoundInvitation, 'isMember' | 'asOf'>;

/**
 * Those that can be accepted, the newest first. Only who has proven the address sees them: they tell of whoever owns it.
 *
 * @throws {Problem} `session-ended`, `email-unverified`
 */
export async function listOwnInvitations(
  { database: { sql } }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
): Promise<readonly OwnInvitation[]> {
  const { email } = await readJoiner(sql, caller);
  return sql<OwnInvitation>`
    select ${invitationColumns} from ${invitationTables}
    where invitations.email = ${email} and ${isOpen} and expires_at > now()
      and not exists (
        select from memberships as own
        where own.organization_id = invitations.organization_id and own.user_id = ${caller.userId}
      )
    order by invitations.created_at desc, invitations.id desc`;
}

/** On the wire. */
export function toOwnInvitation(invitation: OwnInvitation) {
  const { id, organizationId, name, slug, role, inviter, createdAt, expiresAt } = invitation;
  return {
    id,
    organization: { id: organizationId, name, slug },
    role,
    invited_by: inviter,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}
