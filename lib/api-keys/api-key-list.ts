/** The API keys of an organization, by a statement each that keeps nobody waiting who changes them. */
import type { Plan } from '../../db/plans.ts';
import { fragment, type SqlFragment } from '../../db/sql.ts';
import { hasPermission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  toId,
} from '../organizations/caller-membership.ts';
import { type ManagedKey, managedKeyColumns, type ManagedKeyRow, toManagedKey } from './managed-key.ts';
import { assertSees, isSeen } from './manager.ts';

type Row = CallerMembership & { readonly plan: Plan | null } & {
  readonly [Name in keyof ManagedKeyRow]: ManagedKeyRow[Name] | null;
};

export interface ListedKey {
  readonly apiKey: ManagedKey;
  /** Names its newest text (`rotateKeyOnce`). */
  readonly textId: string;
}

/**
 * Those that are not revoked, the newest first: all of them to who has `keys:write`, to others their own.
 *
 * @throws {Problem} `session-ended`, `not-found`
 */
export async function listKeys(
  services: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
): Promise<readonly ListedKey[]> {
  const rows = await read(services, request, toId(organizationId), isSeen);
  assertPermitted(rows[0], 'members:read');
  return rows.filter(isKey).map((row) => ({ apiKey: toManagedKey(row, row.plan), textId: row.textId }));
}

/** @throws {Problem} `session-ended`, `not-found`, `permission-denied` */
export async function readKey(
  services: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  keyId: string,
): Promise<ManagedKey> {
  const [row] = await read(services, request, toId(organizationId), fragment`api_keys.id = ${toId(keyId)}`);
  const role = assertPermitted(row, 'members:read');
  if (!row || !isKey(row)) throw new Problem('not-found');
  assertSees({ userId: request.caller.userId, managesAll: hasPermission(role, 'keys:write') }, row);
  return toManagedKey(row, row.plan);
}

/** @param which a condition on `caller` and `api_keys` */
function read(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
  which: SqlFragment,
): Promise<readonly Row[]> {
  return database.sql<Row>`
    with caller as (${callerMembership(caller, organizationId)}
    )
    select caller.role as caller_role, organizations.plan, ${managedKeyColumns}
    from caller left join organizations on organizations.id = ${organizationId}
      left join api_keys on api_keys.organization_id = organizations.id and revoked_at is null and caller.role is not null
        and ${which}
    order by api_keys.created_at desc, api_keys.id desc`;
}

/** Where there is no key, one row is of nulls. */
const isKey = (row: Row): row is Row & ManagedKeyRow & { readonly plan: Plan } =>
  row.id !== null && row.plan !== null;
