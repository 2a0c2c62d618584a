/**
 * Who manages API keys, in the organization that the address names. Who has `keys:write` manages the organization's own, and may
 * end every one; a personal key is its owner's alone in all else, since its secret acts as them.
 */
import type { Plan } from '../../db/plans.ts';
import type { Role } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { hasPermission, type Permission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  toId,
} from '../organizations/caller-membership.ts';
import { lockOrganization } from '../organizations/organization-lock.ts';
import { managedKeyColumns, type ManagedKeyRow } from './managed-key.ts';

export interface Manager {
  readonly organizationId: string;
  readonly userId: string;
  readonly role: Role;
  /** Whether the organization's own keys are theirs to manage. */
  readonly managesAll: boolean;
  readonly plan: Plan;
}

/**
 * Until `work` has ended, nobody's role changes, and nobody ends all sessions of the caller.
 *
 * @throws {Problem} `session-ended`, `not-found` to who is no member
 */
export async function manageKeys<Result>(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
  work: (sql: Sql, manager: Manager) => Promise<Result>,
): Promise<Result> {
  const id = toId(organizationId);
  return database.transaction(async (sql) => {
    await lockOrganization(sql, id, caller.userId);
    // Waits for whoever ends what the account has, and keeps them waiting (`accounts/owner-lock.ts`).
    await sql`select 1 as locked from users where id = ${caller.userId} for share`;
    return work(sql, await readManager(sql, caller, id));
  });
}

async function readManager(sql: Sql, caller: Caller, organizationId: string): Promise<Manager> {
  const [row] = await sql<CallerMembership & { plan: Plan | null }>`
    with caller as (${callerMembership(caller, organizationId)}
    )
    select caller.role as caller_role, organizations.plan
    from caller left join organizations on organizations.id = ${organizationId}`;
  const role = assertPermitted(row, 'members:read');
  if (!row || row.plan === null) throw new Problem('not-found');
  const managesAll = hasPermission(role, 'keys:write');
  return { organizationId, userId: caller.userId, role, managesAll, plan: row.plan };
}

/**
 * A key that is theirs to see, as it is until the transaction ends.
 *
 * @throws {Problem} `not-found`, `permission-denied`
 */
export async function findKey(sql: Sql, manager: Manager, keyId: string): Promise<ManagedKeyRow> {
  const [row] = await sql<ManagedKeyRow>`
    select ${managedKeyColumns} from api_keys
    where id = ${toId(keyId)} and organization_id = ${manager.organizationId} and revoked_at is null for update`;
  if (!row) throw new Problem('not-found');
  assertSees(manager, row);
  return row;
}

/** Whether a row of `api_keys` is theirs to see who are the `callerMembership` that a statement has as `caller`. */
export const isSeen = fragment`(${permits(fragment`caller.role`, 'keys:write')} or api_keys.user_id = caller.user_id)`;

/** @throws {Problem} `permission-denied` for a key that is not theirs to see */
export function assertSees(
  { managesAll, userId }: Pick<Manager, 'managesAll' | 'userId'>,
  key: Pick<ManagedKeyRow, 'userId'>,
): void {
  if (!managesAll && key.userId !== userId) throw toDenied('keys:write');
}

/** @throws {Problem} `permission-denied` for somebody else's personal key, and for the organization's without `keys:write` */
export function assertManages({ managesAll, userId }: Manager, key: Pick<ManagedKeyRow, 'userId'>): void {
  if (key.userId === null && !managesAll) throw toDenied('keys:write');
  if (key.userId !== null && key.userId !== userId) {
    throw new Problem('permission-denied', { detail: 'Only its owner may do this to a personal key' });
  }
}

/**
 * Only an owner gets the text of a key that never expires.
 *
 * @throws {Problem} `permission-denied`
 */
export function assertMayLast(
  { role }: Pick<Manager, 'role'>,
  { isEndless }: { readonly isEndless: boolean },
): void {
  if (isEndless && role !== 'owner') {
    throw new Problem('permission-denied', { detail: 'Only an owner makes a key that never expires' });
  }
}

/**
 * Nobody gives a key what they may not do themselves.
 *
 * @throws {Problem} `permission-denied` with what is missing
 */
export function assertWithin({ role }: Manager, scopes: readonly Permission[]): void {
  const missing = scopes.find((scope) => !hasPermission(role, scope));
  if (missing) throw toDenied(missing);
}
