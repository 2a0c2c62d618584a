/** A new API key. Its text is told once. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import type { Permission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import { createNamedUuid } from '../core/named-uuid.ts';
import { createUuid } from '../core/uuid.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import type { Rate } from '../rate-limit/plans.ts';
import { createApiKey } from '../security/api-key.ts';
import { tellOwners } from './api-key-notice.ts';
import { type ManagedKey, managedKeyColumns, type ManagedKeyRow, toManagedKey } from './managed-key.ts';
import {
  assertManages,
  assertMayLast,
  assertSees,
  assertWithin,
  manageKeys,
  type Manager,
} from './manager.ts';

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Permission[];
  /** Null for never. */
  readonly expiresInDays: number | null;
  /** What the organization's plan allows unless told. */
  readonly limit?: Rate | undefined;
  /** Whether it is the caller's, and ends with their membership, or the organization's. */
  readonly isPersonal: boolean;
}

/** With the text that opens. */
export interface IssuedKey {
  readonly key: string;
  readonly apiKey: ManagedKey;
}

/** What was made or replaced before by the same form: its text is told no more. */
export interface FormerKey {
  readonly key: undefined;
  readonly apiKey: ManagedKey;
}

/** An organization's own keys, and those of one person in it, that have neither expired nor been revoked. */
const mostOwnKeys = 100;
const mostPersonalKeys = 20;

/**
 * A personal key is every member's to make; a limit of its own takes `keys:write`, and one that never expires an owner.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`, `too-many-api-keys`
 */
export async function createKey(
  services: Pick<Services, 'database' | 'outbox' | 'keyring'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  wanted: NewKey,
): Promise<IssuedKey> {
  const issued = await manageKeys(services, request, organizationId, (sql, manager) =>
    issue(sql, services, request, manager, { ...wanted, keyId: createUuid() }),
  );
  services.outbox.wake();
  return issued;
}

/**
 * As `createKey`, and once: the same form that the same person sends again as it was makes no other key. Its id is made of all
 * that, and whoever changes the organization's keys waits for each other (`lockOrganization`), so one of two at once finds the
 * key of the other.
 *
 * @param wanted.formId new for each form that is shown
 * @throws {Problem} as `createKey`
 */
export async function createKeyOnce(
  services: Pick<Services, 'database' | 'outbox' | 'keyring'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  { formId, ...wanted }: NewKey & { readonly formId: string },
): Promise<IssuedKey | FormerKey> {
  const issued = await manageKeys(services, request, organizationId, async (sql, manager) => {
    const name = [manager.organizationId, manager.userId, formId, wanted];
    const keyId = createNamedUuid(JSON.stringify(name));
    const former = await readFormer(sql, manager, keyId);
    return former ?? issue(sql, services, request, manager, { ...wanted, keyId });
  });
  services.outbox.wake();
  return issued;
}

/** One that was revoked since, too. */
async function readFormer(sql: Sql, manager: Manager, keyId: string): Promise<FormerKey | undefined> {
  const [row] = await sql<ManagedKeyRow>`select ${managedKeyColumns} from api_keys where id = ${keyId}`;
  if (!row) return undefined;
  assertSees(manager, row);
  return { key: undefined, apiKey: toManagedKey(row, manager.plan) };
}

async function issue(
  sql: Sql,
  services: Pick<Services, 'keyring'>,
  request: GuardedRequest<Caller>,
  manager: Manager,
  wanted: NewKey & { readonly keyId: string },
): Promise<IssuedKey> {
  assertMayMake(manager, wanted);
  const { text, hash } = createApiKey(wanted.keyId);
  const row = await insert(sql, request, manager, { ...wanted, hash });
  await tellOwners(sql, services, request, 'api-key-created', row);
  return { key: text, apiKey: toManagedKey(row, manager.plan) };
}

function assertMayMake(manager: Manager, { scopes, limit, expiresInDays, isPersonal }: NewKey): void {
  assertManages(manager, { userId: isPersonal ? manager.userId : null });
  assertWithin(manager, scopes);
  if (limit && !manager.managesAll) throw toDenied('keys:write');
  assertMayLast(manager, { isEndless: expiresInDays === null });
}

type Insertion = NewKey & { readonly keyId: string; readonly hash: Uint8Array };

async function insert(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { organizationId, userId }: Manager,
  { keyId, hash, name, scopes, limit, expiresInDays, isPersonal }: Insertion,
): Promise<ManagedKeyRow> {
  const ownerId = isPersonal ? userId : null;
  // Of two at once the second counts what the first has made: `manageKeys` has locked the organization, in a statement before this.
  const [row] = await sql<ManagedKeyRow>`
    with api_keys as (
      insert into api_keys (id, organization_id, user_id, name, secret_hash, scopes, limit_requests, limit_seconds, expires_at,
        created_by)
      select ${keyId}::uuid, ${organizationId}::uuid, ${ownerId}::uuid, ${name}::text, ${hash}::bytea,
        ${scopes}::text[], ${limit?.requests ?? null}::int, ${limit?.seconds ?? null}::int,
        now() + ${expiresInDays}::int * interval '1 day', ${userId}::uuid
      where (
        select count(*) from api_keys
        where organization_id = ${organizationId} and user_id is not distinct from ${ownerId}::uuid and revoked_at is null
          and coalesce(expires_at > now(), true)
      ) < ${isPersonal ? mostPersonalKeys : mostOwnKeys}::int
      returning *
    ), audited as (${auditAct(
      'api_key.created',
      request,
      'api_key',
      fragment`select user_id, organization_id, id as target_id from api_keys`,
    )}
    )
    select ${managedKeyColumns} from api_keys`;
  if (!row) throw new Problem('too-many-api-keys');
  return row;
}
