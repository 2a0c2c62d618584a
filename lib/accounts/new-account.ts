/** How a person and their first organization come to be. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import { defaultLanguage, negotiateLanguage } from '../core/language.ts';
import { createSlug } from '../core/slug.ts';
import { createUuid } from '../core/uuid.ts';

export interface NewAccount {
  readonly email: string;
  readonly name: string | null;
  readonly organizationName: string | undefined;
  /** Null for an account that signs in by mailed links only. */
  readonly passwordHash: string | null;
  /** Whether the address has just been proven. */
  readonly verified: boolean;
  /** What knows the registering client again (`binding.ts`); null where the address is proven already. */
  readonly registrationHash: Uint8Array | null;
}

/** One statement makes all of it, or nothing when the address is taken. */
export async function insertAccount(sql: Sql, request: GuardedRequest, account: NewAccount) {
  const { email, name, passwordHash, verified, registrationHash } = account;
  const organizationName = account.organizationName ?? name ?? email.slice(0, email.indexOf('@'));
  const id = createUuid();
  const locale = negotiateLanguage(request.acceptLanguage) ?? defaultLanguage;
  const organization = {
    id: createUuid(),
    name: organizationName,
    slug: createSlug(organizationName),
    role: 'owner',
  } as const;
  const [made] = await sql<{ createdAt: Date; emailVerifiedAt: Date | null }>`
    with made as (
      insert into users (id, email, name, locale, password_hash, registration_nonce_hash, email_verified_at)
      values (${id}, ${email}, ${name}, ${locale}, ${passwordHash}, ${registrationHash},
        case when ${verified}::boolean then now() end)
      on conflict (email) do nothing
      returning id, created_at, email_verified_at
    ), organization as (
      insert into organizations (id, name, slug)
      select ${organization.id}, ${organization.name}, ${organization.slug} from made
    ), membership as (
      insert into memberships (organization_id, user_id, role)
      select ${organization.id}, id, ${organization.role} from made
    ), audited as (${auditEvent(
      'account.registered',
      request,
      fragment`
        select id as user_id, ${organization.id}::uuid as organization_id, null::uuid as session_id from made`,
    )}
    ), proven as (${auditEvent(
      'email.verified',
      request,
      fragment`
        select id as user_id, null::uuid as organization_id, null::uuid as session_id from made
        where email_verified_at is not null`,
    )}
    )
    select created_at, email_verified_at from made`;
  return made && { user: { id, email, name, locale, ...made }, organization };
}
