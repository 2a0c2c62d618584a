/** Accepting an invitation, which proves the mailbox that it was mailed to: whoever shows its token can sign in by that. */
import { fragment, type Sql } from '../../db/sql.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import { startProvenSession } from '../accounts/grant.ts';
import { claimInvitedAccount } from '../accounts/invited-account.ts';
import { lockOwner } from '../accounts/owner-lock.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import type { StartedSession } from '../sessions/session.ts';
import { endTokensOfSessions } from '../sessions/token-revocation.ts';
import { toId } from './caller-membership.ts';
import {
  findInvitation,
  findInvitationByToken,
  type FoundInvitation,
  lockOrganizationOf,
} from './found-invitation.ts';
import { hashToken, isOpen } from './invitation.ts';
import { addMember, lockJoiner } from './joining.ts';
import type { SwitchedSession } from './organization-switch.ts';
import { ownsMost } from './owned-organizations.ts';

export interface Accepted {
  readonly session: StartedSession;
  readonly organization: OrganizationRow;
  /** Whether sessions, and with them a password, ended that nobody knew to be of the mailbox's owner. */
  readonly isClaimed: boolean;
}

/**
 * Makes whoever reads the mailbox a member and signs them in, in one transaction: in the account of the address, which is verified by
 * it, or in a new one without a password and without an organization of its own. `SIGN_UP=closed` does not keep anybody
 * out: the invitation is the opening. An account that never was verified loses its password and its sessions first, as at a
 * sign-in by mail (`claimed-account.ts`). One whose owner has ended all sessions since the invitation wants one of theirs.
 *
 * @throws {Problem} `invitation-invalid`, `invitation-used`, `invitation-expired`, `already-member`, `authentication-required`,
 * `too-many-organizations` for who is to be an owner;
 * `invitation-for-another-address` for who is signed in as somebody else. None of them uses anything up.
 */
export async function acceptInvitation(
  services: Pick<Services, 'database' | 'outbox' | 'rateLimits' | 'keyring'>,
  request: GuardedRequest<Caller | undefined>,
  token: string,
): Promise<Accepted> {
  const accepted = await services.database.transaction(async (sql) => {
    await lockOrganizationOf(sql, fragment`token_hash = ${hashToken(token)}`);
    const invitation = await findInvitationByToken(sql, token);
    // Whoever ends all sessions at this moment has done it, or waits.
    await lockOwner(sql, { userId: null, email: invitation.email });
    if (await isForAnother(sql, request.caller, invitation))
      throw new Problem('invitation-for-another-address');
    await assertSignsIn(sql, request.caller, invitation);
    const organization = toJoined(invitation);
    const account = await claimInvitedAccount(sql, request, invitation.email);
    const { userId } = account;
    const { organizationId, role, asOf, invitedBy } = invitation;
    const session = await startProvenSession(sql, services, request, { userId, organizationId, role, asOf });
    if (!session) throw new Problem('invitation-invalid');
    const { sessionId } = session;
    await assertMayOwn(sql, invitation, userId);
    await markAccepted(sql, invitation, userId);
    await addMember(sql, request, { organizationId, userId, sessionId, role, invitedBy });
    return { session, organization, ended: account };
  });
  await endTokensOfSessions(services, accepted.ended);
  services.outbox.wake();
  const { session, organization, ended } = accepted;
  return { session, organization, isClaimed: ended.revokedIds.length > 0 };
}

/**
 * Accepts an invitation of the caller's own verified address, without its email. The session works in the organization from
 * now on, and stays what it is otherwise.
 *
 * @throws {Problem} `session-ended`, `email-unverified`, `not-found`, `invitation-used`, `invitation-expired`, `already-member`,
 * `too-many-organizations`
 */
export async function acceptOwnInvitation(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  invitationId: string,
): Promise<SwitchedSession> {
  const id = toId(invitationId);
  return database.transaction(async (sql) => {
    await lockOrganizationOf(sql, fragment`id = ${id}`);
    const { userId, sessionId, amr, createdAt, asOf, email } = await lockJoiner(sql, request.caller);
    const own = fragment`invitations.id = ${id} and invitations.email = ${email}`;
    const invitation = await findInvitation(sql, own);
    if (!invitation) throw new Problem('not-found');
    const organization = toJoined(invitation);
    const { organizationId, role, invitedBy } = invitation;
    await assertMayOwn(sql, invitation, userId);
    await markAccepted(sql, invitation, userId);
    await addMember(sql, request, { organizationId, userId, sessionId, role, invitedBy });
    return { sessionId, userId, organizationId, role, amr, createdAt, asOf, organization };
  });
}

/** Whoever is signed in as one person does not become another by a link that was sent to them. */
export async function isForAnother(
  sql: Sql,
  caller: Caller | undefined,
  { email }: Pick<FoundInvitation, 'email'>,
): Promise<boolean> {
  if (!caller) return false;
  const [other] = await sql<{ id: string }>`
    select id from users where id = ${caller.userId} and email <> ${email}`;
  return other !== undefined;
}

/**
 * The link lies in a mailbox for 7 days, and whoever read it there once is no owner: what ends all sessions of a proven account
 * ends its signing in too. The invitation stays open. By when it was made, for a renewal without an email leaves the link.
 *
 * @throws {Problem} `authentication-required` unless a session of the person presents it
 */
async function assertSignsIn(
  sql: Sql,
  caller: Caller | undefined,
  { id, email }: FoundInvitation,
): Promise<void> {
  const [owner] = await sql<{ id: string }>`
    select users.id from users join invitations on invitations.id = ${id} and device_tokens_since >= invitations.created_at
    where device_tokens_since > users.created_at and users.email = ${email} and email_verified_at is not null and not exists (
      select from live_sessions where live_sessions.id = ${caller?.sessionId ?? null}::uuid and user_id = users.id
    )`;
  if (owner) throw new Problem('authentication-required');
}

/** @throws {Problem} `too-many-organizations` for who would own more than they can */
async function assertMayOwn(sql: Sql, { role }: FoundInvitation, userId: string): Promise<void> {
  if (role !== 'owner') return;
  const [owner] = await sql<{ isFull: boolean }>`
    select ${ownsMost(fragment`users.id`)} as is_full from users where id = ${userId}`;
  if (owner?.isFull) throw new Problem('too-many-organizations');
}

/** By its id, so that one invitation makes one member, whatever address they have by now. */
async function markAccepted(sql: Sql, { id }: FoundInvitation, userId: string): Promise<void> {
  const accepted = await sql<{ id: string }>`
    update invitations set accepted_at = now(), accepted_by = ${userId} where id = ${id} and ${isOpen} returning id`;
  if (accepted.length === 0) throw new Problem('invitation-used');
}

function toJoined({ organizationId, name, slug, role, isMember }: FoundInvitation): OrganizationRow {
  if (isMember) throw new Problem('already-member');
  return { id: organizationId, name, slug, role };
}
