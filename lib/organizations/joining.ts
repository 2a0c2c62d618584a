/** Becoming a member: by an invitation or a join link. */
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { lockOwner } from '../accounts/owner-lock.ts';
import { auditAct } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import type { Caller } from '../http/guarded-request.ts';
import { isOpen } from './invitation.ts';
import type { SwitchedSession } from './organization-switch.ts';

/** Somebody who is signed in and may join by their address. */
export interface Joiner extends Pick<SwitchedSession, 'userId' | 'sessionId' | 'amr' | 'createdAt' | 'asOf'> {
  readonly email: string;
}

/** @throws {Problem} `session-ended`, `email-unverified` */
export async function readJoiner(sql: Sql, { userId, sessionId }: Caller): Promise<Joiner> {
  const [joiner] = await sql<Joiner & { isVerified: boolean }>`
    select users.id as user_id, live_sessions.id as session_id, amr, live_sessions.created_at, now() as as_of, email,
      email_verified_at is not null as is_verified
    from live_sessions join users on users.id = live_sessions.user_id
    where live_sessions.id = ${sessionId} and users.id = ${userId}`;
  if (!joiner) throw new Problem('session-ended');
  if (!joiner.isVerified) throw new Problem('email-unverified');
  return joiner;
}

/**
 * The same, as it stays until the transaction ends: meanwhile nobody ends all of their sessions or changes their address. After the
 * organization's lock, for which this may have waited while they did.
 *
 * @throws {Problem} `session-ended`, `email-unverified`
 */
export async function lockJoiner(sql: Sql, caller: Caller): Promise<Joiner> {
  await lockOwner(sql, { userId: caller.userId, email: '' });
  return readJoiner(sql, caller);
}

export interface NewMember {
  readonly organizationId: string;
  readonly userId: string;
  /** It works in the organization from now on. */
  readonly sessionId: string;
  readonly role: Role;
  readonly invitedBy: string | null;
}

/**
 * Makes the person a member, and an open invitation of their address to the same organization an accepted one. The organization
 * is locked, and they are not in it. To be a statement after that lock.
 */
export async function addMember(
  sql: Sql,
  { requestId }: { readonly requestId: string },
  { organizationId, userId, sessionId, role, invitedBy }: NewMember,
): Promise<void> {
  await sql`
    with joined as (
      insert into memberships (organization_id, user_id, role, invited_by)
      values (${organizationId}, ${userId}, ${role}, ${invitedBy})
      returning user_id, organization_id
    ), accepted as (
      update invitations set accepted_at = now(), accepted_by = users.id
      from users
      where users.id = ${userId} and organization_id = ${organizationId} and invitations.email = users.email and ${isOpen}
    ), switched as (
      update refresh_tokens set organization_id = ${organizationId} where id = ${sessionId}
    )
    ${auditAct(
      'member.joined',
      { requestId, caller: { userId, sessionId } },
      'user',
      fragment`select user_id, organization_id, user_id as target_id from joined`,
    )}`;
}
