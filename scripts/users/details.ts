/** What `users show` reads beside the account's own row. */
import type { Role, VerificationPurpose } from '../../db/schema.ts';
import type { Sql } from '../../db/sql.ts';
import { toDeviceName } from '../../lib/core/device-name.ts';
import { toDevice } from '../../lib/core/user-agent.ts';
import { toTime } from '../operator/output.ts';

export type Details = Awaited<ReturnType<typeof readDetails>>;

export async function readDetails(sql: Sql, userId: string) {
  return {
    account: await readAccount(sql, userId),
    organizations: await readOrganizations(sql, userId),
    sessions: await readSessions(sql, userId),
    verifications: await readVerifications(sql, userId),
  };
}

async function readAccount(sql: Sql, userId: string) {
  const [row] = await sql<{ locale: string; hasPassword: boolean; updatedAt: Date }>`
    select locale, password_hash is not null as has_password, updated_at from users where id = ${userId}`;
  if (!row) throw new Error('the account has been deleted meanwhile');
  return { locale: row.locale, has_password: row.hasPassword, updated_at: toTime(row.updatedAt) };
}

interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: Role;
  readonly joinedAt: Date;
  readonly deletedAt: Date | null;
}

/** Those too that are deleted and can be restored. */
async function readOrganizations(sql: Sql, userId: string) {
  const rows = await sql<OrganizationRow>`
    select organizations.id, name, slug, role, memberships.created_at as joined_at, deleted_at
    from memberships join organizations on organizations.id = organization_id
    where user_id = ${userId} order by memberships.created_at, organizations.id`;
  return rows.map(({ joinedAt, deletedAt, ...organization }) => ({
    ...organization,
    joined_at: toTime(joinedAt),
    deleted_at: toTime(deletedAt),
  }));
}

interface SessionRow {
  readonly id: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly rotatedAt: Date;
  readonly expiresAt: Date;
}

async function readSessions(sql: Sql, userId: string) {
  const rows = await sql<SessionRow>`
    select id, user_agent, host(address) as address, created_at, rotated_at, expires_at
    from live_sessions where user_id = ${userId} order by rotated_at desc, id`;
  return rows.map(({ id, userAgent, address, createdAt, rotatedAt, expiresAt }) => ({
    id,
    device: toDeviceName(toDevice(userAgent), 'en'),
    user_agent: userAgent,
    address,
    created_at: toTime(createdAt),
    last_used_at: toTime(rotatedAt),
    expires_at: toTime(expiresAt),
  }));
}

interface VerificationRow {
  readonly purpose: VerificationPurpose;
  readonly email: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Of the account itself, and of its address, which a mailed link finds the account by. */
async function readVerifications(sql: Sql, userId: string) {
  const rows = await sql<VerificationRow>`
    select purpose, email, created_at, expires_at from magic_links
    where (user_id = ${userId} or user_id is null and email = (select email from users where id = ${userId}))
      and used_at is null and expires_at > now()
    order by created_at desc, id`;
  return rows.map(({ purpose, email, createdAt, expiresAt }) => ({
    purpose,
    email,
    created_at: toTime(createdAt),
    expires_at: toTime(expiresAt),
  }));
}
