/** An API key as those see it who manage it: everything but its secret. */
import type { Plan } from '../../db/plans.ts';
import { fragment } from '../../db/sql.ts';
import { planRates } from '../rate-limit/plans.ts';
import { startOf } from '../security/api-key.ts';

export interface ManagedKeyRow {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string | null;
  readonly name: string;
  /** Another one after each rotation. Made of the hash of the newest text, it opens nothing and finds no hash. */
  readonly textId: string;
  readonly scopes: readonly string[];
  readonly limitRequests: number | null;
  readonly limitSeconds: number | null;
  readonly expiresAt: Date | null;
  readonly previousUntil: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedNetwork: string | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** What a `ManagedKeyRow` has, of `api_keys`. */
export const managedKeyColumns = fragment`api_keys.id, api_keys.organization_id, api_keys.user_id, api_keys.name,
      encode(sha256(api_keys.secret_hash), 'hex') as text_id, api_keys.scopes,
      api_keys.limit_requests, api_keys.limit_seconds, api_keys.expires_at, api_keys.previous_until, api_keys.last_used_at,
      api_keys.last_used_network::text as last_used_network, api_keys.created_by, api_keys.created_at`;

/** @param plan of its organization, whose limit it has where it has none of its own */
export function toManagedKey(row: ManagedKeyRow, plan: Plan) {
  return {
    id: row.id,
    start: startOf(row.id),
    name: row.name,
    organization_id: row.organizationId,
    user_id: row.userId,
    scopes: row.scopes,
    limit: toLimit(row, plan),
    expires_at: toText(row.expiresAt),
    previous_until: toText(row.previousUntil),
    last_used_at: toText(row.lastUsedAt),
    last_used_network: row.lastUsedNetwork,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
  };
}

export type ManagedKey = ReturnType<typeof toManagedKey>;

function toLimit({ limitRequests: requests, limitSeconds: seconds }: ManagedKeyRow, plan: Plan) {
  return requests !== null && seconds !== null
    ? { requests, seconds, of: 'key' }
    : { ...planRates[plan].key, of: 'plan' };
}

const toText = (time: Date | null) => time?.toISOString() ?? null;
