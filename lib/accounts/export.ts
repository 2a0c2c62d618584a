/**
 * Everything that is held on a person (GDPR, articles 15 and 20), for the API and the page alike. Secrets and hashes are
 * left out: they say nothing of the person, and would help only whoever gets hold of the file.
 */
import type { DisabledReason, VerificationPurpose } from '../../db/schema.ts';
import { type AccountRow, type OrganizationRow, toOrganization, toUser } from './account.ts';
import type { Sql } from '../../db/sql.ts';
import { ofPerson } from '../core/audit-trail.ts';
import { toDeviceName } from '../core/device-name.ts';
import { toDevice } from '../core/user-agent.ts';
import { listApiKeys } from './api-key-export.ts';
import { listInvitations, listJoinLinks } from './invitation-export.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';

export type AccountExport = NonNullable<Awaited<ReturnType<typeof gatherAccount>>>;

/** @throws {Problem} `session-ended` */
export function exportAccount(
  { database }: Pick<Services, 'database'>,
  { caller: { userId, sessionId } }: GuardedRequest<Caller>,
): Promise<AccountExport> {
  return database.transaction(async (sql) => {
    const [live] = await sql<{ id: string }>`
      select id from live_sessions where id = ${sessionId} and user_id = ${userId}`;
    const document = live && (await gatherAccount(sql, userId));
    if (!document) throw new Problem('session-ended');
    return document;
  });
}

/** Whoever asks: undefined where there is no such account. */
export async function gatherAccount(sql: Sql, userId: string) {
  const person = await findPerson(sql, userId);
  if (!person) return undefined;
  return {
    exported_at: new Date().toISOString(),
    user: {
      ...toUser(person),
      email_verified_at: toText(person.emailVerifiedAt),
      has_password: person.hasPassword,
      updated_at: toText(person.updatedAt),
      disabled_at: toText(person.disabledAt),
      disabled_reason: person.disabledReason,
    },
    organizations: await listOrganizations(sql, userId),
    invitations: await listInvitations(sql, userId),
    join_links: await listJoinLinks(sql, userId),
    api_keys: await listApiKeys(sql, userId),
    sessions: await listAllSessions(sql, userId),
    known_devices: await listDevices(sql, userId),
    verifications: await listVerifications(sql, userId, person.email),
    emails: await listEmails(sql, userId, person.email),
    audit_events: await listEvents(sql, userId),
  };
}

interface PersonRow extends AccountRow {
  readonly updatedAt: Date;
  readonly hasPassword: boolean;
  readonly disabledAt: Date | null;
  readonly disabledReason: DisabledReason | null;
}

async function findPerson(sql: Sql, userId: string): Promise<PersonRow | undefined> {
  const [person] = await sql<PersonRow>`
    select id, email, name, locale, email_verified_at, created_at, updated_at, disabled_at, disabled_reason,
      password_hash is not null as has_password
    from users where id = ${userId}`;
  return person;
}

async function listOrganizations(sql: Sql, userId: string) {
  const rows = await sql<OrganizationRow & { joinedAt: Date }>`
    select organization_id as id, name, slug, role, created_at as joined_at
    from live_memberships where user_id = ${userId} order by created_at, organization_id`;
  return rows.map((row) => ({ ...toOrganization(row), joined_at: toText(row.joinedAt) }));
}

interface SessionRow {
  readonly id: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly rotatedAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

/** Those that have ended too, until the next sign-in sweeps them. */
async function listAllSessions(sql: Sql, userId: string) {
  const rows = await sql<SessionRow>`
    select id, user_agent, host(address) as address, amr, created_at, rotated_at, expires_at, revoked_at
    from refresh_tokens where user_id = ${userId} order by created_at, id`;
  return rows.map(({ id, userAgent, address, amr, createdAt, rotatedAt, expiresAt, revokedAt }) => ({
    id,
    device: toDeviceName(toDevice(userAgent), 'en'),
    user_agent: userAgent,
    address,
    amr,
    created_at: toText(createdAt),
    last_used_at: toText(rotatedAt),
    expires_at: toText(expiresAt),
    ended_at: toText(revokedAt),
  }));
}

async function listDevices(sql: Sql, userId: string) {
  const rows = await sql<{ seenAt: Date }>`
    select seen_at from known_devices where user_id = ${userId} order by seen_at`;
  return rows.map(({ seenAt }) => ({ seen_at: toText(seenAt) }));
}

interface VerificationRow {
  readonly purpose: VerificationPurpose;
  readonly email: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

/**
 * A verification for an address may have been asked for by somebody else: with what device is not told. Nor is when it really
 * ended: one for an address that has an account was never alive, and whoever asks for it is not to learn that.
 */
async function listVerifications(sql: Sql, userId: string, email: string) {
  const rows = await sql<VerificationRow>`
    select purpose, email, created_at, used_at,
      created_at + case purpose when 'authorization' then interval '1 minute' else interval '15 minutes' end as expires_at
    from magic_links
    where user_id = ${userId} or (user_id is null and email = ${email})
    order by created_at, id`;
  return rows.map(({ purpose, email, createdAt, expiresAt, usedAt }) => ({
    purpose,
    email,
    created_at: toText(createdAt),
    expires_at: toText(expiresAt),
    used_at: toText(usedAt),
  }));
}

interface EmailRow {
  readonly template: string;
  readonly recipient: string;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly deadAt: Date | null;
}

/** An email to an address that had no account yet belongs to nobody but its mailbox. */
async function listEmails(sql: Sql, userId: string, email: string) {
  const rows = await sql<EmailRow>`
    select letter as template, recipient, created_at, sent_at, dead_at from outbox
    where user_id = ${userId} or (user_id is null and recipient = ${email})
    order by created_at, id`;
  return rows.map(({ template, recipient, createdAt, sentAt, deadAt }) => ({
    template,
    recipient,
    state: sentAt ? 'sent' : deadAt ? 'given-up' : 'waiting',
    created_at: toText(createdAt),
    sent_at: toText(sentAt),
  }));
}

interface EventRow {
  readonly event: string;
  readonly occurredAt: Date;
  readonly organizationId: string | null;
  readonly sessionId: string | null;
  readonly requestId: string | null;
  readonly actorKind: string | null;
  readonly targetKind: string | null;
  readonly targetId: string | null;
}

/** Who did what happened to them is not told; to whom they did something is. */
async function listEvents(sql: Sql, userId: string) {
  const rows = await sql<EventRow>`
    select event, occurred_at, organization_id, session_id, request_id, actor_kind, target_kind, target_id
    from audit_events where ${ofPerson(userId)}
    order by occurred_at, id`;
  return rows.map((row) => ({
    event: row.event,
    occurred_at: toText(row.occurredAt),
    organization_id: row.organizationId,
    session_id: row.sessionId,
    request_id: row.requestId,
    actor_kind: row.actorKind,
    target_kind: row.targetKind,
    target_id: row.targetId,
  }));
}

const toText = (time: Date | null) => time?.toISOString() ?? null;
