/** The account of somebody who was invited and had none: no password, and no organization of its own. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { defaultLanguage, negotiateLanguage } from '../core/language.ts';
import { createUuid } from '../core/uuid.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { RevokedAccess, RevokedSessions } from '../sessions/token-revocation.ts';
import { claimAccount } from './claimed-account.ts';

/** The account of an address that has just been proven, made if there is none. */
export async function claimInvitedAccount(
  sql: Sql,
  request: GuardedRequest,
  email: string,
): Promise<RevokedAccess> {
  const account = (await insertInvited(sql, request, email)) ?? (await claimAccount(sql, email, request));
  if (!account) throw new Error('an address that is taken has no account');
  return account;
}

async function insertInvited(sql: Sql, request: GuardedRequest, email: string) {
  const locale = negotiateLanguage(request.acceptLanguage) ?? defaultLanguage;
  const made = fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from made`;
  const [account] = await sql<RevokedSessions>`
    with made as (
      insert into users (id, email, locale, email_verified_at) values (${createUuid()}, ${email}, ${locale}, now())
      on conflict (email) do nothing
      returning id
    ), registered as (${auditEvent('account.registered', request, made)}
    ), proven as (${auditEvent('email.verified', request, made)}
    )
    select id as user_id, array[]::uuid[] as revoked_ids from made`;
  return account;
}
