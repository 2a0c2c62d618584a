/** The link by which whoever has it joins an organization as a member: one at a time, for 30 days at most. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import { createNamedUuid } from '../core/named-uuid.ts';
import { Problem } from '../core/problem.ts';
import { createUuid } from '../core/uuid.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  toId,
} from './caller-membership.ts';
import { createToken, hashToken } from './invitation.ts';
import { lockOrganization } from './organization-lock.ts';

export interface JoinLinkTerms {
  /** Of the addresses that may join by it; any unless told. */
  readonly domain?: string | undefined;
  /** No bound unless told. */
  readonly maximumUses?: number | undefined;
  readonly days: number;
}

export interface JoinLink {
  /** Told once: of it only the SHA-256 is at rest. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** What people are given: a page of ours. The token stands in the fragment, which no server gets. */
export function toJoinUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/auth/join#${token}`;
}

interface Row extends CallerMembership {
  readonly isVerified: boolean;
  readonly expiresAt: Date | null;
}

/**
 * Makes the organization's join link. The one that there was is worth nothing any more. An account whose address nobody has proven
 * lets nobody in: whoever owns the address and comes for it later would find them there.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`, `email-unverified`. None of them ends the former link.
 */
export async function createJoinLink(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  terms: JoinLinkTerms,
): Promise<JoinLink> {
  const id = toId(organizationId);
  return database.transaction(async (sql) => {
    await lockOrganization(sql, id, request.caller.userId);
    return replace(sql, request, { ...terms, organizationId: id, linkId: createUuid() });
  });
}

/**
 * As `createJoinLink`, and once: the same form that the same person sends again as it was makes no other link, and does not end
 * its own. Its id is made of all that, and `lockOrganization` lets one of two at once find the link of the other.
 *
 * @param terms.formId new for each form that is shown
 * @returns undefined where the form has made one before, which is told no more, whether it lives or has ended
 * @throws {Problem} as `createJoinLink`
 */
export async function createJoinLinkOnce(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  { formId, ...terms }: JoinLinkTerms & { readonly formId: string },
): Promise<JoinLink | undefined> {
  const id = toId(organizationId);
  const { caller } = request;
  const linkId = createNamedUuid(JSON.stringify([id, caller.userId, formId, terms]));
  return database.transaction(async (sql) => {
    await lockOrganization(sql, id, caller.userId);
    if (await isMade(sql, caller, id, linkId)) return undefined;
    return replace(sql, request, { ...terms, organizationId: id, linkId });
  });
}

async function isMade(sql: Sql, caller: Caller, organizationId: string, linkId: string): Promise<boolean> {
  const [row] = await sql<CallerMembership & { isMade: boolean }>`
    with caller as (${callerMembership(caller, organizationId)}
    )
    select role as caller_role, exists (select from join_links where id = ${linkId}) as is_made from caller`;
  assertPermitted(row, 'invitations:write');
  return row?.isMade === true;
}

type Replacement = JoinLinkTerms & { readonly organizationId: string; readonly linkId: string };

async function replace(
  sql: Sql,
  request: GuardedRequest<Caller>,
  replacement: Replacement,
): Promise<JoinLink> {
  const token = createToken();
  await revoke(sql, request, replacement.organizationId);
  const expiresAt = toExpiry(await insert(sql, request, { ...replacement, tokenHash: hashToken(token) }));
  return { token, expiresAt };
}

function toExpiry(row: Row | undefined): Date {
  assertPermitted(row, 'invitations:write');
  if (!row?.isVerified) throw new Problem('email-unverified');
  if (row.expiresAt === null) throw new Error('a join link that nothing refused was not written');
  return row.expiresAt;
}

/**
 * Takes the organization's join link back. Who has joined by it stays.
 *
 * @throws {Problem} `session-ended`, `not-found` where there is none, `permission-denied`
 */
export async function revokeJoinLink(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
): Promise<void> {
  const id = toId(organizationId);
  const row = await database.transaction(async (sql) => {
    await lockOrganization(sql, id, request.caller.userId);
    return revoke(sql, request, id);
  });
  assertPermitted(row, 'invitations:write');
  if (!row?.isRevoked) throw new Problem('not-found');
}

async function insert(
  sql: Sql,
  request: GuardedRequest<Caller>,
  {
    organizationId,
    linkId,
    tokenHash,
    domain,
    maximumUses,
    days,
  }: Replacement & { readonly tokenHash: Uint8Array },
): Promise<Row | undefined> {
  const [row] = await sql<Row>`
    with caller as (${callerMembership(request.caller, organizationId)}
    ), inviter as (
      select users.id, role, email_verified_at is not null as is_verified
      from caller join users on users.id = caller.user_id
    ), made as (
      insert into join_links (id, organization_id, token_hash, domain, maximum_uses, created_by, expires_at)
      select ${linkId}::uuid, ${organizationId}::uuid, ${tokenHash}::bytea, ${domain ?? null}::text,
        ${maximumUses ?? null}::int, inviter.id, now() + ${days}::int * interval '1 day'
      from inviter where is_verified and ${permits(fragment`role`, 'invitations:write')}
      returning id, organization_id, created_by, expires_at
    ), audited as (${auditAct(
      'join_link.created',
      request,
      'join_link',
      fragment`select created_by as user_id, organization_id, id as target_id from made`,
    )}
    )
    select inviter.role as caller_role, is_verified, made.expires_at from inviter left join made on true`;
  return row;
}

async function revoke(
  sql: Sql,
  request: GuardedRequest<Caller>,
  organizationId: string,
): Promise<(CallerMembership & { readonly isRevoked: boolean }) | undefined> {
  const [row] = await sql<CallerMembership & { isRevoked: boolean }>`
    with caller as (${callerMembership(request.caller, organizationId)}
    ), revoked as (
      update join_links set revoked_at = now()
      from caller
      where organization_id = ${organizationId} and revoked_at is null
        and ${permits(fragment`caller.role`, 'invitations:write')}
      returning join_links.id, organization_id, caller.user_id
    ), audited as (${auditAct(
      'join_link.revoked',
      request,
      'join_link',
      fragment`select user_id, organization_id, id as target_id from revoked`,
    )}
    )
    select caller.role as caller_role, exists (select from revoked) as is_revoked from caller`;
  return row;
}
