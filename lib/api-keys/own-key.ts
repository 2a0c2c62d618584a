/** The API key that asks, as it sees itself. */
import type { Plan } from '../../db/plans.ts';
import { Problem } from '../core/problem.ts';
import type { GuardedRequest, KeyCaller } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { managedKeyColumns, type ManagedKeyRow, toManagedKey } from './managed-key.ts';

/** @throws {Problem} `api-key-invalid` */
export async function readOwnKey(
  { database }: Pick<Services, 'database'>,
  { caller: { keyId, scopes } }: GuardedRequest<KeyCaller>,
) {
  const [row] = await database.sql<ManagedKeyRow & { plan: Plan }>`
    select ${managedKeyColumns}, organizations.plan
    from api_keys join organizations on organizations.id = organization_id
    where api_keys.id = ${keyId} and revoked_at is null`;
  if (!row) throw new Problem('api-key-invalid');
  return { api_key: toManagedKey(row, row.plan), effective_scopes: scopes };
}
