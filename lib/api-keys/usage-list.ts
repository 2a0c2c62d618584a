/** How often the API keys of an organization were used. */
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { manageKeys, type Manager } from './manager.ts';
import { fragment } from '../../db/sql.ts';

/** One key on one day (UTC). */
export interface DayOfUse {
  readonly day: string;
  readonly key_id: string;
  readonly requests: number;
  readonly refused: number;
}

interface Row {
  readonly day: string;
  readonly keyId: string;
  readonly requests: number;
  readonly refused: number;
}

/**
 * The last 30 days, oldest first; of keys that have ended since, too. All keys for who has `keys:write`, for others their own.
 *
 * @throws {Problem} `session-ended`, `not-found`
 */
export async function listUsage(
  services: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  organizationId: string,
): Promise<readonly DayOfUse[]> {
  return manageKeys(services, request, organizationId, async (sql, manager) => {
    const rows = await sql<Row>`
      select day::text, key_id, requests::float8, refused::float8
      from api_key_usage join api_keys on api_keys.id = key_id
      where ${ofManager(manager)} and day > (now() at time zone 'UTC')::date - 30
      order by day, key_id`;
    return rows.map(({ day, keyId, requests, refused }) => ({ day, key_id: keyId, requests, refused }));
  });
}

function ofManager({ organizationId, userId, managesAll }: Manager) {
  return fragment`organization_id = ${organizationId} and (${managesAll}::boolean or user_id = ${userId})`;
}
