/** The row of a key, with what it may and how often: one statement, which also writes down that the key was used. */
import { timingSafeEqual } from 'node:crypto';
import type { Plan } from '../../db/plans.ts';
import type { Role } from '../../db/schema.ts';
import type { Sql } from '../../db/sql.ts';
import { hasPermission, isPermission } from '../core/permissions.ts';
import type { ApiKeyRecord } from '../http/api-keys.ts';
import type { KeyCaller } from '../http/guarded-request.ts';
import { planRates } from '../rate-limit/plans.ts';
import type { ApiKey } from '../security/api-key.ts';

interface Row {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string | null;
  readonly secretHash: Uint8Array;
  readonly previousHash: Uint8Array | null;
  readonly replacedInMs: number | null;
  readonly scopes: readonly string[];
  readonly role: Role | null;
  readonly limitRequests: number | null;
  readonly limitSeconds: number | null;
  readonly plan: Plan;
  readonly expiresInMs: number | null;
  readonly asOf: Date;
}

/**
 * Undefined for a wrong secret, and for a key that was revoked, whose organization is gone, or whose owner is no member any more.
 * Its use is written down at most once in ten minutes, where it is let in.
 *
 * @param lookedUpAt by the clock of whoever keeps the record
 */
export async function lookUpApiKey(
  sql: Sql,
  lookedUpAt: number,
  { keyId, hash }: ApiKey,
  address: string,
): Promise<ApiKeyRecord | undefined> {
  const [row] = await sql<Row>`
    with found as (
      select api_keys.id, api_keys.organization_id, api_keys.user_id, secret_hash, previous_hash, scopes, membership.role,
        limit_requests, limit_seconds, organizations.plan, expires_at, previous_until
      from api_keys
        join organizations on organizations.id = api_keys.organization_id and organizations.deleted_at is null
        left join memberships as membership
          on membership.organization_id = api_keys.organization_id and membership.user_id = api_keys.user_id
        left join users on users.id = api_keys.user_id
      where api_keys.id = ${keyId} and revoked_at is null
        and (api_keys.user_id is null or (membership.role is not null and users.disabled_at is null))
    ), used as (
      update api_keys set last_used_at = now(),
        last_used_network = set_masklen(client.address::cidr, case family(client.address) when 4 then 24 else 48 end)
      from found, (select ${address}::text::inet as address) as client
      where api_keys.id = found.id
        and (found.secret_hash = ${hash} or (found.previous_hash = ${hash} and found.previous_until > now()))
        and coalesce(found.expires_at > now(), true) and coalesce(last_used_at < now() - interval '10 minutes', true)
    )
    select id, organization_id, user_id, secret_hash, previous_hash, scopes, role, limit_requests, limit_seconds, plan,
      (extract(epoch from expires_at - now()) * 1000)::float8 as expires_in_ms,
      (extract(epoch from previous_until - now()) * 1000)::float8 as replaced_in_ms, now() as as_of
    from found`;
  if (!row) return undefined;
  const isNewest = timingSafeEqual(hash, row.secretHash);
  const isPrevious = row.previousHash !== null && timingSafeEqual(hash, row.previousHash);
  if (!isNewest && !isPrevious) return undefined;
  return {
    caller: toCaller(row),
    lookedUpAt,
    expiresInMs: row.expiresInMs ?? undefined,
    replacedInMs: isNewest ? undefined : (row.replacedInMs ?? 0),
  };
}

function toCaller(row: Row): KeyCaller {
  const { role, limitRequests, limitSeconds } = row;
  const { key, organization } = planRates[row.plan];
  const isOwnLimit = limitRequests !== null && limitSeconds !== null;
  return {
    kind: 'key',
    keyId: row.id,
    organizationId: row.organizationId,
    userId: row.userId ?? undefined,
    scopes: row.scopes.filter(isPermission).filter((scope) => role === null || hasPermission(role, scope)),
    rates: { key: isOwnLimit ? { requests: limitRequests, seconds: limitSeconds } : key, organization },
    asOf: row.asOf.getTime(),
  };
}
