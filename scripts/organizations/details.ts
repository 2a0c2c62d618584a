/** What `organizations show` reads beside the organization's own row. */
import type { Role } from '../../db/schema.ts';
import type { Sql } from '../../db/sql.ts';
import { toTime } from '../operator/output.ts';

export const mostMembers = 100;
const mostInvitations = 100;

export type Details = Awaited<ReturnType<typeof readDetails>>;

export async function readDetails(sql: Sql, organizationId: string) {
  const members = await readMembers(sql, organizationId);
  return {
    members: members.slice(0, mostMembers),
    more_members: members.length > mostMembers,
    invitations: await readInvitations(sql, organizationId),
    join_links: await readJoinLinks(sql, organizationId),
  };
}

interface MemberRow {
  readonly userId: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly joinedAt: Date;
  readonly disabledAt: Date | null;
}

async function readMembers(sql: Sql, organizationId: string) {
  const rows = await sql<MemberRow>`
    select users.id as user_id, email, name, role, memberships.created_at as joined_at, disabled_at
    from memberships join users on users.id = user_id
    where organization_id = ${organizationId}
    order by array_position(array['owner', 'admin'], role), memberships.created_at, users.id
    limit ${mostMembers + 1}::int`;
  return rows.map(({ userId, joinedAt, disabledAt, ...member }) => ({
    user_id: userId,
    ...member,
    joined_at: toTime(joinedAt),
    disabled_at: toTime(disabledAt),
  }));
}

interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

async function readInvitations(sql: Sql, organizationId: string) {
  const rows = await sql<InvitationRow>`
    select id, email, role, created_at, expires_at from invitations
    where organization_id = ${organizationId} and accepted_at is null and declined_at is null and revoked_at is null
      and expires_at > now()
    order by created_at desc, id limit ${mostInvitations}::int`;
  return rows.map(({ createdAt, expiresAt, ...invitation }) => ({
    ...invitation,
    created_at: toTime(createdAt),
    expires_at: toTime(expiresAt),
  }));
}

interface JoinLinkRow {
  readonly id: string;
  readonly domain: string | null;
  readonly uses: number;
  readonly maximumUses: number | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

async function readJoinLinks(sql: Sql, organizationId: string) {
  const rows = await sql<JoinLinkRow>`
    select id, domain, uses, maximum_uses, created_at, expires_at from join_links
    where organization_id = ${organizationId} and revoked_at is null and expires_at > now()
    order by created_at desc`;
  return rows.map(({ maximumUses, createdAt, expiresAt, ...link }) => ({
    ...link,
    maximum_uses: maximumUses,
    created_at: toTime(createdAt),
    expires_at: toTime(expiresAt),
  }));
}
