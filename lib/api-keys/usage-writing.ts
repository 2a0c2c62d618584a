/** Writes down how often keys were used, and when last: one statement for all that a process has counted. */
import { fragment, type Sql } from '../../db/sql.ts';
import type { KeyUsage } from '../http/key-usage.ts';
import { isNewUse } from './last-use.ts';

/** Milliseconds between two such statements of a process: what was counted since the last is lost if it is killed. */
export const writeUsageEveryMs = 60_000;

/**
 * Adds it to what other processes have counted. Of keys that are gone nothing is written; what could not be is kept for the next
 * time. The last use of a key that is locked is left to its next look-up.
 *
 * @throws {Outage} when the database is away
 */
export async function writeUsage(sql: Sql, usage: KeyUsage): Promise<void> {
  const taken = usage.take();
  const { counts, uses } = taken;
  if (counts.length + uses.length === 0) return;
  const textsOf = (member: keyof (typeof counts)[number]) => counts.map((count) => String(count[member]));
  try {
    await sql`
      with used as (
        update api_keys
        set last_used_at = used_at, last_used_network = set_masklen(address::cidr, case family(address) when 4 then 24 else 48 end)
        from (
          select api_keys.id, used_at, address
          from unnest(${uses.map(({ keyId }) => keyId)}::text[]::uuid[],
            ${uses.map(({ at }) => at.toISOString())}::text[]::timestamptz[],
            ${uses.map(({ address }) => address)}::text[]::inet[]) as noted (key_id, used_at, address)
            join api_keys on api_keys.id = key_id
          where ${isNewUse(fragment`used_at`)}
          for no key update of api_keys skip locked
        ) as due
        where api_keys.id = due.id
      )
      insert into api_key_usage (key_id, day, requests, refused)
      select api_keys.id, coalesce(day, current_date), coalesce(requests, 0), coalesce(refused, 0)
      from unnest(${textsOf('keyId')}::text[]::uuid[], ${textsOf('day')}::text[]::date[],
        ${textsOf('requests')}::text[]::bigint[], ${textsOf('refused')}::text[]::bigint[])
        as counted (key_id, day, requests, refused)
        join api_keys on api_keys.id = key_id
      order by api_keys.id, day
      on conflict (key_id, day) do update
      set requests = api_key_usage.requests + excluded.requests, refused = api_key_usage.refused + excluded.refused`;
  } catch (error) {
    usage.giveBack(taken);
    throw error;
  }
}
