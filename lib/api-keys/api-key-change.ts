/** A key that changes and stays the same key. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import type { Permission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import type { Rate } from '../rate-limit/plans.ts';
import { endKnownKeys } from '../sessions/api-key-end.ts';
import { toCommitTime } from '../sessions/token-revocation.ts';
import { type ManagedKey, managedKeyColumns, type ManagedKeyRow, toManagedKey } from './managed-key.ts';
import { assertManages, assertWithin, findKey, manageKeys, type Manager } from './manager.ts';

/** What is not told stays as it is. */
export interface KeyChange {
  readonly name?: string | undefined;
  readonly scopes?: readonly Permission[] | undefined;
  /** Null for what the organization's plan allows. */
  readonly limit?: Rate | null | undefined;
}

/** @throws {Problem} `session-ended`, `not-found`, `permission-denied` */
export async function changeKey(
  services: Pick<Services, 'database' | 'rateLimits'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  { id, ...change }: KeyChange & { readonly id: string },
): Promise<ManagedKey> {
  const startedAt = performance.now();
  const { row, plan } = await manageKeys(services, request, organizationId, async (sql, manager) => {
    const found = await findKey(sql, manager, id);
    assertMayChange(manager, found, change);
    return { row: await write(sql, request, found, change), plan: manager.plan };
  });
  await endKnownKeys(services, [row], toCommitTime(row.changedAt, startedAt));
  return toManagedKey(row, plan);
}

function assertMayChange(manager: Manager, key: ManagedKeyRow, { scopes = [], limit }: KeyChange): void {
  assertManages(manager, key);
  assertWithin(manager, scopes);
  if (limit !== undefined && !manager.managesAll) throw toDenied('keys:write');
}

type ChangedRow = ManagedKeyRow & { readonly changedAt: Date };

async function write(
  sql: Sql,
  request: GuardedRequest<Caller>,
  found: ManagedKeyRow,
  { name = found.name, scopes, limit }: KeyChange,
): Promise<ChangedRow> {
  const { requests, seconds } =
    limit === undefined ? { requests: found.limitRequests, seconds: found.limitSeconds } : toColumns(limit);
  const [row] = await sql<ChangedRow>`
    with api_keys as (
      update api_keys
      set name = ${name}, scopes = ${scopes ?? found.scopes}, limit_requests = ${requests}, limit_seconds = ${seconds}
      where id = ${found.id} returning *
    ), audited as (${auditAct(
      'api_key.updated',
      request,
      'api_key',
      fragment`select user_id, organization_id, id as target_id from api_keys`,
    )}
    )
    select ${managedKeyColumns}, clock_timestamp() as changed_at from api_keys`;
  if (!row) throw new Problem('not-found');
  return row;
}

const toColumns = (limit: Rate | null) => limit ?? { requests: null, seconds: null };
