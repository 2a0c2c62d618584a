/** API keys for tests, by a row each, where how they are made is beside the point. */
import type { Permission } from '../../lib/core/permissions.ts';
import { type ApiKeys, createApiKeys } from '../../lib/http/api-keys.ts';
import { createFunction, type FunctionApp } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { apiKey } from '../../lib/api-keys/caller.ts';
import { api, apiKeyLimit } from '../../lib/rate-limit/policies.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { createApiKey, type NewApiKey } from '../../lib/security/api-key.ts';
import type { TestBlockbot } from './blockbot.ts';

export interface ApiKeyRow {
  readonly organizationId: string;
  readonly userId?: string;
  readonly scopes?: readonly Permission[];
  readonly limit?: { readonly requests: number; readonly seconds: number };
  /** Seconds from now. */
  readonly expiresIn?: number;
}

export async function insertApiKey(
  { database }: Pick<TestBlockbot, 'database'>,
  { organizationId, userId, scopes = ['members:read'], limit, expiresIn }: ApiKeyRow,
): Promise<NewApiKey> {
  const key = createApiKey(createUuid());
  await database.sql`
    insert into api_keys (id, organization_id, user_id, name, secret_hash, scopes, limit_requests, limit_seconds, expires_at)
    values (${key.keyId}, ${organizationId}, ${userId ?? null}, 'A key', ${key.hash}, ${scopes},
      ${limit?.requests ?? null}, ${limit?.seconds ?? null}, now() + ${expiresIn ?? null}::float8 * interval '1 second')`;
  return key;
}

/** Asks as a process does that has just started, on the same database and the same store of limits. */
export function askAsProcess(
  { services }: Pick<TestBlockbot, 'services'>,
  token: string,
  { app, apiKeys = createApiKeys() }: { readonly app: FunctionApp; readonly apiKeys?: ApiKeys },
): Promise<Response> {
  const request = { headers: { Authorization: `Bearer ${token}` } };
  const [{ path } = { path: '/' }] = app.routes;
  return Promise.resolve(app.request(path, request, { ...services, apiKeys }));
}

/** Asks as another process does that goes on, with what it knows of keys: 204 for a key that is good. */
export function startOtherProcess(bot: Pick<TestBlockbot, 'services'>): (token: string) => Promise<Response> {
  const apiKeys = createApiKeys();
  const app = createFunction().get(
    '/widgets',
    guard({ caller: apiKey, limits: limit(api, apiKeyLimit) }),
    (c) => c.body(null, 204),
  );
  return (token) => askAsProcess(bot, token, { app, apiKeys });
}
