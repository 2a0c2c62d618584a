/** Organizations with what their owners have done in them, as the product writes it, written straight into the database. */
import type postgres from 'postgres';
import type { Role } from '../../db/schema.ts';
import { createSlug } from '../../lib/core/slug.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { createToken, hashToken } from '../../lib/organizations/invitation.ts';
import { createApiKey, type NewApiKey } from '../../lib/security/api-key.ts';

export interface Organization {
  readonly id: string;
  readonly slug: string;
  readonly members: readonly [owner: Member, ...others: Member[]];
  /** Sent by its owner, and open. */
  readonly invitation: { readonly id: string; readonly email: string; readonly token: string };
  readonly joinLink: { readonly token: string };
  /** Its own, which may read the members. */
  readonly apiKey: NewApiKey;
}

interface Member {
  readonly userId: string;
  readonly role: Role;
}

const name = 'Analytical Engines';

/** @param invited the address that its invitation is for */
export function createOrganization(invited: string, members: Organization['members']): Organization {
  return {
    id: createUuid(),
    slug: createSlug(name),
    members,
    invitation: { id: createUuid(), email: invited, token: createToken() },
    joinLink: { token: createToken() },
    apiKey: createApiKey(createUuid()),
  };
}

/** A statement for each table. The members are there already. */
export async function insertOrganizations(
  sql: postgres.Sql,
  organizations: readonly Organization[],
): Promise<void> {
  const expires_at = new Date(Date.now() + 7 * 86_400_000);
  await sql`insert into organizations ${sql(organizations.map(({ id, slug }) => ({ id, name, slug })))}`;
  await sql`insert into memberships ${sql(
    organizations.flatMap(({ id, members }) =>
      members.map(({ userId, role }) => ({ organization_id: id, user_id: userId, role })),
    ),
  )}`;
  await sql`insert into invitations ${sql(
    organizations.map(({ id, members: [owner], invitation }) => ({
      id: invitation.id,
      organization_id: id,
      email: invitation.email,
      role: 'member',
      invited_by: owner.userId,
      token_hash: hashToken(invitation.token),
      emails: 1,
      expires_at,
    })),
  )}`;
  await sql`insert into join_links ${sql(
    organizations.map(({ id, members: [owner], joinLink }) => ({
      id: createUuid(),
      organization_id: id,
      token_hash: hashToken(joinLink.token),
      created_by: owner.userId,
      expires_at,
    })),
  )}`;
  await sql`insert into api_keys ${sql(
    organizations.map(({ id, members: [owner], apiKey }) => ({
      id: apiKey.keyId,
      organization_id: id,
      name: 'Importer',
      secret_hash: apiKey.hash,
      scopes: ['members:read'],
      created_by: owner.userId,
      expires_at,
    })),
  )}`;
  await sql`insert into api_key_usage ${sql(
    organizations.map(({ apiKey }) => ({ key_id: apiKey.keyId, day: new Date(), requests: 9, refused: 1 })),
  )}`;
  await sql`insert into audit_events ${sql(
    organizations.map(({ id, members: [owner] }) => ({
      id: createUuid(),
      event: 'organization.created',
      user_id: owner.userId,
      organization_id: id,
      actor_kind: 'user',
      actor_id: owner.userId,
      target_kind: 'organization',
      target_id: id,
    })),
  )}`;
}
