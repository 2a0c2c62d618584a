/** The part of an account's export about API keys: those that act as the person. */
import type { Sql } from '../../db/sql.ts';

interface ApiKeyRow {
  readonly organizationId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedNetwork: string | null;
  readonly revokedAt: Date | null;
}

/** Those that have ended too, until the sweep. */
export async function listApiKeys(sql: Sql, userId: string) {
  const rows = await sql<ApiKeyRow>`
    select organization_id, name, scopes, created_at, expires_at, last_used_at, last_used_network::text as last_used_network,
      revoked_at
    from api_keys where user_id = ${userId} order by created_at, id`;
  return rows.map((row) => ({
    organization_id: row.organizationId,
    name: row.name,
    scopes: row.scopes,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    last_used_network: row.lastUsedNetwork,
    revoked_at: row.revokedAt?.toISOString() ?? null,
  }));
}
