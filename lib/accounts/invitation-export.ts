/** The part of an account's export about invitations: those to the person, those that they sent, and the links that they made. */
import type { Role } from '../../db/schema.ts';
import type { Sql } from '../../db/sql.ts';

interface InvitationRow {
  readonly organizationId: string;
  readonly email: string;
  readonly role: Role;
  readonly sent: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly declinedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** One to the address belongs to the person once they have proven that they read it: until then it may be somebody else's. */
export async function listInvitations(sql: Sql, userId: string) {
  const rows = await sql<InvitationRow>`
    select organization_id, invitations.email, role, invited_by is not distinct from users.id as sent,
      invitations.created_at, expires_at, accepted_at, declined_at, revoked_at
    from users join invitations on invited_by = users.id or accepted_by = users.id
      or (invitations.email = users.email and email_verified_at is not null)
    where users.id = ${userId} order by invitations.created_at, invitations.id`;
  return rows.map(({ organizationId, email, role, sent, ...times }) => ({
    organization_id: organizationId,
    email,
    role,
    sent,
    created_at: times.createdAt.toISOString(),
    expires_at: times.expiresAt.toISOString(),
    accepted_at: times.acceptedAt?.toISOString() ?? null,
    declined_at: times.declinedAt?.toISOString() ?? null,
    revoked_at: times.revokedAt?.toISOString() ?? null,
  }));
}

interface JoinLinkRow {
  readonly organizationId: string;
  readonly domain: string | null;
  readonly maximumUses: number | null;
  readonly uses: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export async function listJoinLinks(sql: Sql, userId: string) {
  const rows = await sql<JoinLinkRow>`
    select organization_id, domain, maximum_uses, uses, created_at, expires_at, revoked_at
    from join_links where created_by = ${userId} order by created_at, id`;
  return rows.map(({ organizationId, domain, maximumUses, uses, ...times }) => ({
    organization_id: organizationId,
    domain,
    maximum_uses: maximumUses,
    uses,
    created_at: times.createdAt.toISOString(),
    expires_at: times.expiresAt.toISOString(),
    revoked_at: times.revokedAt?.toISOString() ?? null,
  }));
}
