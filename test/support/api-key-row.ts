/** API keys for tests, by a row each, where how they are made is beside the point. */
import type { Permission } from '../../lib/core/permissions.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { createApiKey, type NewApiKey } from '../../lib/security/api-key.ts';
import type { TestBlockbot } from './blockbot.ts';

export interface ApiKeyRow {
  readonly organizationId: string;
  readonly userId?: string;
  readonly scopes?: readonly Permission[];
  readonly limit?: { readonly requests: number; readonly seconds: number };
  readonly expiresAt?: Date;
}

export async function insertApiKey(
  { database }: Pick<TestBlockbot, 'database'>,
  { organizationId, userId, scopes = ['members:read'], limit, expiresAt }: ApiKeyRow,
): Promise<NewApiKey> {
  const key = createApiKey(createUuid());
  await database.sql`
    insert into api_keys (id, organization_id, user_id, name, secret_hash, scopes, limit_requests, limit_seconds, expires_at)
    values (${key.keyId}, ${organizationId}, ${userId ?? null}, 'A key', ${key.hash}, ${scopes},
      ${limit?.requests ?? null}, ${limit?.seconds ?? null}, ${expiresAt ?? null})`;
  return key;
}
