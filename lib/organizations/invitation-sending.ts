/** Inviting somebody by email, and doing it again. */
import type { Language } from '../../db/languages.ts';
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import { Problem } from '../core/problem.ts';
import { createUuid } from '../core/uuid.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { type EncryptedEmail, encryptEmail } from '../mail/encryption.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  reaches,
  toId,
} from './caller-membership.ts';
import { chargeInvitation } from './invitation-charge.ts';
import { createToken, hashToken, type Invitation, isOpen } from './invitation.ts';
import { lockOrganization } from './organization-lock.ts';

export interface NewInvitation {
  readonly email: string;
  readonly role: Role;
}

type InvitingServices = Pick<Services, 'database' | 'outbox' | 'rateLimits' | 'keyring'>;

/**
 * Invites an address, whether or not it has an account: the answer and its time are the same. One that is invited already has its
 * invitation renewed. Where the mailbox is due no more emails, none is sent, nobody is told, and the link that was mailed
 * before stays good.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`, `email-unverified` for an inviter whose address nobody
 * has proven, `quota-exceeded`, `already-member`, `too-many-invitations`
 */
export async function invite(
  services: InvitingServices,
  request: GuardedRequest<Caller>,
  organizationId: string,
  invitation: NewInvitation,
): Promise<Invitation> {
  const startedAt = performance.now();
  const id = toId(organizationId);
  const inviter = await readInviter(services.database.sql, request.caller, id, null);
  const invited = await send(services, request, { ...invitation, inviter, organizationId: id, openId: null });
  await equalizeTiming(startedAt);
  services.outbox.wake();
  return invited;
}

/**
 * Invites the address of an open invitation anew: whoever sends it again is who invites from now on.
 *
 * @throws {Problem} as `invite` does
 */
export async function resendInvitation(
  services: InvitingServices,
  request: GuardedRequest<Caller>,
  organizationId: string,
  invitationId: string,
): Promise<Invitation> {
  const startedAt = performance.now();
  const [id, openId] = [toId(organizationId), toId(invitationId)];
  const inviter = await readInviter(services.database.sql, request.caller, id, openId);
  const { email, role } = inviter;
  if (email === null || role === null) throw new Problem('not-found');
  const sent = await send(services, request, { email, role, inviter, organizationId: id, openId });
  await equalizeTiming(startedAt);
  services.outbox.wake();
  return sent;
}

interface Inviter {
  readonly address: string;
  readonly locale: Language;
  readonly slug: string;
}

interface InviterRow extends CallerMembership, Inviter {
  readonly isVerified: boolean;
  /** Of the open invitation that was asked for. */
  readonly email: string | null;
  readonly role: Role | null;
}

/** What an email says of who invites, before anything is counted. */
async function readInviter(
  sql: Sql,
  caller: Caller,
  organizationId: string,
  openId: string | null,
): Promise<InviterRow> {
  const [row] = await sql<InviterRow>`
    with caller as (${callerMembership(caller, organizationId)}
    )
    select caller.role as caller_role, users.email as address, users.locale,
      users.email_verified_at is not null as is_verified, coalesce(organizations.slug, '') as slug,
      open.email, open.role
    from caller join users on users.id = caller.user_id
      left join organizations on organizations.id = ${organizationId}
      left join invitations as open on open.id = ${openId}::uuid and open.organization_id = ${organizationId} and ${isOpen}`;
  assertPermitted(row, 'invitations:write');
  if (!row) throw new Problem('session-ended');
  if (!row.isVerified) throw new Problem('email-unverified');
  return row;
}

interface Sending extends NewInvitation {
  readonly inviter: Inviter;
  readonly organizationId: string;
  /** The open invitation that it has to be; null for any, or none. */
  readonly openId: string | null;
}

async function send(
  services: InvitingServices,
  request: GuardedRequest<Caller>,
  sending: Sending,
): Promise<Invitation> {
  const { inviter, role, organizationId } = sending;
  const inviterId = request.caller.userId;
  const { mails, refund } = await chargeInvitation(services, { ...sending, inviterId });
  const token = createToken();
  const { address, slug, locale } = inviter;
  const parameters = { token, inviter: address, slug, role, inviterLanguage: locale };
  const email = encryptEmail('invitation', parameters, services.keyring);
  const written = services.database.transaction(async (sql) => {
    await lockOrganization(sql, organizationId, request.caller.userId);
    return toWritten(await write(sql, request, sending, { tokenHash: hashToken(token), email, mails }));
  });
  return written.catch(async (error: unknown) => {
    await refund();
    throw error;
  });
}

/** Where none was written, the invitation's columns are null. */
type Row = CallerMembership & { readonly [Name in keyof Invitation]: Invitation[Name] | null } & Verdict;

interface Verdict {
  readonly reaches: boolean;
  readonly isThere: boolean;
  readonly isMember: boolean;
  readonly isFull: boolean;
}

function toWritten(row: Row | undefined): Invitation {
  assertPermitted(row, 'invitations:write');
  if (!row?.isThere) throw new Problem('not-found');
  if (!row.reaches) throw toDenied('invitations:write');
  if (row.isMember) throw new Problem('already-member');
  if (row.isFull) throw new Problem('too-many-invitations');
  const { id, email, role, invitedBy, createdAt, expiresAt } = row;
  if (id === null || email === null || role === null || createdAt === null || expiresAt === null) {
    throw new Error('an invitation that nothing refused was not written');
  }
  return { id, email, role, invitedBy, createdAt, expiresAt };
}

/** Open invitations of one organization, those that have expired among them. */
const mostOpen = 100;

interface Secrets {
  readonly tokenHash: Uint8Array;
  readonly email: EncryptedEmail;
  readonly mails: boolean;
}

async function write(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { organizationId, openId, email, role }: Sending,
  { tokenHash, email: mailed, mails }: Secrets,
): Promise<Row | undefined> {
  const [row] = await sql<Row>`
    with caller as (${callerMembership(request.caller, organizationId)}
    ), open as (
      select id, email, role from invitations where organization_id = ${organizationId} and ${isOpen}
    ), decided as (
      select caller.user_id, caller.role as caller_role,
        ${openId}::uuid is null or exists (select from open where open.id = ${openId}::uuid and open.email = ${email}) as is_there,
        coalesce(${reaches(fragment`caller.role`, fragment`${role}::text`)}, false) and not exists (
          select from open where open.email = ${email} and not ${reaches(fragment`caller.role`, fragment`open.role`)}
        ) as reaches,
        exists (
          select from memberships join users on users.id = memberships.user_id
          where organization_id = ${organizationId} and users.email = ${email}
        ) as is_member,
        (select count(*) from open where open.email <> ${email}) >= ${mostOpen}::int as is_full
      from caller
    ), written as (
      insert into invitations (id, organization_id, email, role, invited_by, token_hash, emails, expires_at)
      select ${createUuid()}::uuid, ${organizationId}::uuid, ${email}::text, ${role}::text, user_id, ${tokenHash}::bytea,
        ${mails ? 1 : 0}::smallint, now() + interval '7 days'
      from decided
      where ${permits(fragment`caller_role`, 'invitations:write')} and is_there and reaches and not is_member
        and not is_full
      on conflict (organization_id, email) where ${isOpen} do update
      set role = excluded.role, invited_by = excluded.invited_by, expires_at = excluded.expires_at,
        token_hash = case when excluded.emails > 0 then excluded.token_hash else invitations.token_hash end,
        emails = invitations.emails + excluded.emails
      returning id, email, role, invited_by, created_at, expires_at
    ), audited as (${auditAct(
      'member.invited',
      request,
      'invitation',
      fragment`
        select invited_by as user_id, ${organizationId}::uuid as organization_id, id as target_id from written`,
    )}
    ), mailed as (${enqueueEmail(
      mailed,
      fragment`
        select users.id as user_id, written.email as recipient
        from written left join users on users.email = written.email where ${mails}::boolean`,
    )}
    )
    select caller_role, is_there, reaches, is_member, is_full, written.id, written.email, written.role,
      written.invited_by, written.created_at, written.expires_at
    from decided left join written on true`;
  return row;
}
