/** How often the API keys of an organization were used. */
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  toId,
} from '../organizations/caller-membership.ts';
import { isSeen } from './manager.ts';

/** One key on one day (UTC). */
export interface DayOfUse {
  readonly day: string;
  readonly key_id: string;
  readonly requests: number;
  readonly refused: number;
}

interface Used {
  readonly day: string;
  readonly keyId: string;
  readonly requests: number;
  readonly refused: number;
}

type Row = CallerMembership & { readonly [Name in keyof Used]: Used[Name] | null };

/**
 * The last 30 days, oldest first; of keys that have ended since, too. All keys for who has `keys:write`, for others their own.
 *
 * @throws {Problem} `session-ended`, `not-found`
 */
export async function listUsage(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
): Promise<readonly DayOfUse[]> {
  const id = toId(organizationId);
  const rows = await database.sql<Row>`
    with caller as (${callerMembership(caller, id)}
    ), used as (
      select day, key_id, requests, refused
      from api_key_usage join api_keys on api_keys.id = key_id join caller on caller.role is not null
      where api_keys.organization_id = ${id} and ${isSeen} and day > (now() at time zone 'UTC')::date - 30
    )
    select caller.role as caller_role, day::text, key_id, requests::float8, refused::float8
    from caller left join used on true
    order by day, key_id`;
  assertPermitted(rows[0], 'members:read');
  return rows
    .filter(isUse)
    .map(({ day, keyId, requests, refused }) => ({ day, key_id: keyId, requests, refused }));
}

/** Where nothing was used, one row is of nulls. */
const isUse = (row: Row): row is Row & Used => row.keyId !== null;
