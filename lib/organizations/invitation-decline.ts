/** Declining an invitation, by the token of its email: it takes no account. */
import { fragment } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { findInvitationByToken, lockOrganizationOf } from './found-invitation.ts';
import { hashToken } from './invitation.ts';

/**
 * With the organization locked, as acceptance has it: of the two at once one wins.
 *
 * @throws {Problem} `invitation-invalid`, `invitation-used`, `invitation-expired`
 */
export async function declineInvitation(
  { database }: Pick<Services, 'database'>,
  { requestId }: GuardedRequest,
  token: string,
): Promise<void> {
  await database.transaction(async (sql) => {
    await lockOrganizationOf(sql, fragment`token_hash = ${hashToken(token)}`);
    const { id } = await findInvitationByToken(sql, token);
    await sql`
      with declined as (
        update invitations set declined_at = now() where id = ${id} returning id, organization_id, email
      )
      ${auditAct(
        'invitation.declined',
        { requestId, caller: undefined },
        'invitation',
        fragment`
          select users.id as user_id, organization_id, declined.id as target_id
          from declined left join users on users.email = declined.email and email_verified_at is not null`,
      )}`;
  });
}
