/** An account and its organization as the wire shows them. */
import type { Role, users } from '../../db/schema.ts';

export type AccountRow = Pick<
  typeof users.$inferSelect,
  'id' | 'email' | 'name' | 'locale' | 'emailVerifiedAt' | 'createdAt'
>;

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: Role;
}

export function toUser({ id, email, name, locale, emailVerifiedAt, createdAt }: AccountRow) {
  return {
    id,
    email,
    name,
    locale,
    email_verified: emailVerifiedAt !== null,
    created_at: createdAt.toISOString(),
  };
}

export function toOrganization({ id, name, slug, role }: OrganizationRow) {
  return { id, name, slug, role };
}
