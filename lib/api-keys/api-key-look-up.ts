/** The row of a key, with what it may and how often: one statement, which only reads, so that no lock keeps a program waiting. */
import { timingSafeEqual } from 'node:crypto';
import type { Plan } from '../../db/plans.ts';
import type { Role } from '../../db/schema.ts';
import { fragment } from '../../db/sql.ts';
import { hasPermission, isPermission } from '../core/permissions.ts';
import type { ApiKeyRecord } from '../http/api-keys.ts';
import type { KeyCaller } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { planRates } from '../rate-limit/plans.ts';
import type { ApiKey } from '../security/api-key.ts';
import { isNewUse } from './last-use.ts';

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
  readonly isNewUse: boolean;
  readonly asOf: Date;
}

/**
 * Undefined for a wrong secret, and for a key that was revoked, whose organization is gone, or whose owner is no member any more.
 * An organization in which every member is disabled has nobody who could end its keys: they open nothing until one is enabled.
 * Where it is let in, its use is noted, to be written down later (`usage-writing.ts`).
 */
export async function lookUpApiKey(
  { database: { sql }, apiKeys }: Pick<Services, 'database' | 'apiKeys'>,
  { keyId, hash }: ApiKey,
  address: string,
): Promise<ApiKeyRecord | undefined> {
  const lookedUpAt = apiKeys.now();
  const [row] = await sql<Row>`
    select api_keys.id, api_keys.organization_id, api_keys.user_id, secret_hash, previous_hash, scopes, membership.role,
      limit_requests, limit_seconds, organizations.plan,
      (extract(epoch from expires_at - now()) * 1000)::float8 as expires_in_ms,
      (extract(epoch from previous_until - now()) * 1000)::float8 as replaced_in_ms,
      ${isNewUse(fragment`now()`)} as is_new_use, now() as as_of
    from api_keys
      join organizations on organizations.id = api_keys.organization_id and organizations.deleted_at is null
      left join memberships as membership
        on membership.organization_id = api_keys.organization_id and membership.user_id = api_keys.user_id
      left join users on users.id = api_keys.user_id
    where api_keys.id = ${keyId} and revoked_at is null
      and case when api_keys.user_id is null
        then exists (
          select from memberships as any_membership join users as member on member.id = any_membership.user_id
          where any_membership.organization_id = api_keys.organization_id and member.disabled_at is null
        )
        else membership.role is not null and users.disabled_at is null
      end`;
  if (!row) return undefined;
  const isNewest = timingSafeEqual(hash, row.secretHash);
  const isPrevious = row.previousHash !== null && timingSafeEqual(hash, row.previousHash);
  if (!isNewest && !isPrevious) return undefined;
  const expiresInMs = row.expiresInMs ?? undefined;
  const replacedInMs = isNewest ? undefined : (row.replacedInMs ?? 0);
  if (row.isNewUse && isToCome(expiresInMs) && isToCome(replacedInMs)) {
    apiKeys.usage.note({ keyId, at: row.asOf, address });
  }
  return { caller: toCaller(row), lookedUpAt, expiresInMs, replacedInMs };
}

const isToCome = (inMs = Infinity) => inMs > 0;

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
