/** The API keys of an organization. */
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { type ManagedKey, managedKeyColumns, type ManagedKeyRow, toManagedKey } from './managed-key.ts';
import { findKey, manageKeys, seenBy } from './manager.ts';

/**
 * Those that are not revoked, the newest first: all of them to who has `keys:write`, to others their own.
 *
 * @throws {Problem} `session-ended`, `not-found`
 */
export async function listKeys(
  services: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
): Promise<readonly ManagedKey[]> {
  return manageKeys(services, request, organizationId, async (sql, manager) => {
    const rows = await sql<ManagedKeyRow>`
      select ${managedKeyColumns} from api_keys where ${seenBy(manager)} order by created_at desc, id desc`;
    return rows.map((row) => toManagedKey(row, manager.plan));
  });
}

/** @throws {Problem} `session-ended`, `not-found`, `permission-denied` */
export async function readKey(
  services: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  keyId: string,
): Promise<ManagedKey> {
  return manageKeys(services, request, organizationId, async (sql, manager) =>
    toManagedKey(await findKey(sql, manager, keyId), manager.plan),
  );
}
