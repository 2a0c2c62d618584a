/** The end of a key: by who manages it, or by whoever has found it. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { type ApiKey, parseApiKey } from '../security/api-key.ts';
import { always, endKnownKeys, type KeyOfSomebody } from '../sessions/api-key-end.ts';
import { tellOwners } from './api-key-notice.ts';
import { findKey, manageKeys } from './manager.ts';

/** @throws {Problem} `session-ended`, `not-found`, `permission-denied` */
export async function revokeKey(
  services: Pick<Services, 'database' | 'rateLimits'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
  keyId: string,
): Promise<void> {
  const key = await manageKeys(services, request, organizationId, async (sql, manager) => {
    const found = await findKey(sql, manager, keyId);
    await sql`
      with revoked as (
        update api_keys set revoked_at = now() where id = ${found.id} returning id, user_id, organization_id
      )
      ${auditAct('api_key.revoked', request, 'api_key', revokedKey)}`;
    return found;
  });
  await endKnownKeys(services, [key], always);
}

const revokedKey = fragment`select user_id, organization_id, id as target_id from revoked`;

/**
 * Ends those that are keys of somebody's, and tells them. Whoever has the whole of one could do worse with it, so nobody needs to
 * be known (in the spirit of RFC 7009); what is no key is nothing to anybody.
 */
export async function reportKeys(
  services: Pick<Services, 'database' | 'rateLimits' | 'outbox' | 'keyring'>,
  request: GuardedRequest,
  texts: readonly string[],
): Promise<void> {
  const presented = texts.map(parseApiKey).filter((key) => key !== undefined);
  for (const key of presented) await reportKey(services, request, key);
}

/** Each for itself: a hundred take longer than a transaction may, and two who report the same would wait for each other. */
async function reportKey(
  services: Pick<Services, 'database' | 'rateLimits' | 'outbox' | 'keyring'>,
  request: GuardedRequest,
  key: ApiKey,
): Promise<void> {
  const ended = await services.database.transaction(async (sql) => {
    const found = await revokeFound(sql, request, key);
    if (found) await tellOwners(sql, services, request, 'api-key-reported', found);
    return found;
  });
  if (!ended) return;
  await endKnownKeys(services, [ended], always);
  services.outbox.wake();
}

async function revokeFound(
  sql: Sql,
  { requestId }: GuardedRequest,
  { keyId, hash }: ApiKey,
): Promise<KeyOfSomebody | undefined> {
  const [row] = await sql<KeyOfSomebody>`
    with revoked as (
      update api_keys set revoked_at = now()
      where id = ${keyId} and revoked_at is null
        and (secret_hash = ${hash} or (previous_hash = ${hash} and previous_until > now()))
      returning id, user_id, organization_id
    ), audited as (${auditAct('api_key.reported', { requestId, caller: undefined }, 'api_key', revokedKey)}
    )
    select id, user_id, organization_id from revoked`;
  return row;
}
