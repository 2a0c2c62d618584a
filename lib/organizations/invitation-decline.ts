/** Declining an invitation: by the token of its email, which takes no account, or as who is signed in. */
import { fragment, type Sql } from '../../db/sql.ts';
import { type Act, auditAct } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { toId } from './caller-membership.ts';
import { findInvitation, findInvitationByToken, lockOrganizationOf } from './found-invitation.ts';
import { hashToken } from './invitation.ts';
import { lockJoiner } from './joining.ts';

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
    await markDeclined(sql, { requestId, caller: undefined }, id);
  });
}

/**
 * Declines an invitation of the caller's own verified address, without its email.
 *
 * @throws {Problem} `session-ended`, `email-unverified`, `not-found`, `invitation-used`, `invitation-expired`
 */
export async function declineOwnInvitation(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  invitationId: string,
): Promise<void> {
  const id = toId(invitationId);
  await database.transaction(async (sql) => {
    await lockOrganizationOf(sql, fragment`id = ${id}`);
    const { email } = await lockJoiner(sql, request.caller);
    const invitation = await findInvitation(
      sql,
      fragment`invitations.id = ${id} and invitations.email = ${email}`,
    );
    if (!invitation) throw new Problem('not-found');
    await markDeclined(sql, request, id);
  });
}

async function markDeclined(sql: Sql, by: Act, id: string): Promise<void> {
  await sql`
    with declined as (
      update invitations set declined_at = now() where id = ${id} returning id, organization_id, email
    )
    ${auditAct(
      'invitation.declined',
      by,
      'invitation',
      fragment`
        select users.id as user_id, organization_id, declined.id as target_id
        from declined left join users on users.email = declined.email and email_verified_at is not null`,
    )}`;
}
