/** The next text of a key, which keeps its id, its scopes and its limit. */
import { fragment, type Sql } from '../../db/sql.ts';
import type { Plan } from '../../db/plans.ts';
import { auditAct } from '../core/audit-event.ts';
import { isPermission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { createApiKey, type NewApiKey } from '../security/api-key.ts';
import { endKnownKeys } from '../sessions/api-key-end.ts';
import { toCommitTime } from '../sessions/token-revocation.ts';
import type { FormerKey, IssuedKey } from './api-key-creation.ts';
import { tellOwners } from './api-key-notice.ts';
import { managedKeyColumns, type ManagedKeyRow, toManagedKey } from './managed-key.ts';
import { assertManages, assertMayLast, assertWithin, findKey, manageKeys, type Manager } from './manager.ts';

type RotationServices = Pick<Services, 'database' | 'outbox' | 'keyring' | 'rateLimits'>;

export interface Rotation {
  readonly id: string;
  /** For which the text before goes on. */
  readonly overlapSeconds: number;
}

/**
 * Whoever gets the text may all that the key may, so it takes as much, and an owner where it never expires. An expiry stays what it
 * is.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`
 */
export async function rotateKey(
  services: RotationServices,
  request: GuardedRequest<Caller>,
  organizationId: string,
  rotation: Rotation,
): Promise<IssuedKey> {
  const startedAt = performance.now();
  const rotated = await manageKeys(services, request, organizationId, async (sql, manager) =>
    rotate(sql, services, request, manager, { found: await findKey(sql, manager, rotation.id), ...rotation }),
  );
  return finish(services, rotated, startedAt);
}

/**
 * As `rotateKey`, of the text that is named: the same form that is sent again, or was shown before somebody else replaced the key,
 * does not end the text that was given out since.
 *
 * @param rotation.textId as the list of keys has it
 * @throws {Problem} as `rotateKey`
 */
export async function rotateKeyOnce(
  services: RotationServices,
  request: GuardedRequest<Caller>,
  organizationId: string,
  { textId, ...rotation }: Rotation & { readonly textId: string },
): Promise<IssuedKey | FormerKey> {
  const startedAt = performance.now();
  const rotated = await manageKeys(services, request, organizationId, async (sql, manager) => {
    const found = await findKey(sql, manager, rotation.id);
    assertManages(manager, found);
    return found.textId === textId
      ? rotate(sql, services, request, manager, { found, ...rotation })
      : toManagedKey(found, manager.plan);
  });
  return 'row' in rotated ? finish(services, rotated, startedAt) : { key: undefined, apiKey: rotated };
}

interface RotatedKey {
  readonly row: RotatedRow;
  readonly text: string;
  readonly plan: Plan;
}

async function rotate(
  sql: Sql,
  services: Pick<Services, 'keyring'>,
  request: GuardedRequest<Caller>,
  manager: Manager,
  { found, overlapSeconds }: Rotation & { readonly found: ManagedKeyRow },
): Promise<RotatedKey> {
  assertManages(manager, found);
  assertWithin(manager, found.scopes.filter(isPermission));
  assertMayLast(manager, { isEndless: found.expiresAt === null });
  const next = createApiKey(found.id);
  const row = await write(sql, request, next, overlapSeconds);
  await tellOwners(sql, services, request, 'api-key-rotated', row);
  return { row, text: next.text, plan: manager.plan };
}

async function finish(
  services: RotationServices,
  { row, text, plan }: RotatedKey,
  startedAt: number,
): Promise<IssuedKey> {
  await endKnownKeys(services, [row], toCommitTime(row.changedAt, startedAt));
  services.outbox.wake();
  return { key: text, apiKey: toManagedKey(row, plan) };
}

type RotatedRow = ManagedKeyRow & { readonly changedAt: Date };

async function write(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { keyId, hash }: NewApiKey,
  overlapSeconds: number,
): Promise<RotatedRow> {
  const overlaps = overlapSeconds > 0;
  const [row] = await sql<RotatedRow>`
    with api_keys as (
      update api_keys
      set secret_hash = ${hash}, previous_hash = case when ${overlaps}::boolean then secret_hash end,
        previous_until = case when ${overlaps}::boolean then now() + ${overlapSeconds}::int * interval '1 second' end
      where id = ${keyId} returning *
    ), audited as (${auditAct(
      'api_key.rotated',
      request,
      'api_key',
      fragment`select user_id, organization_id, id as target_id from api_keys`,
    )}
    )
    select ${managedKeyColumns}, clock_timestamp() as changed_at from api_keys`;
  if (!row) throw new Problem('not-found');
  return row;
}
