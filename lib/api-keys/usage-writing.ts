/** Writes down how often keys were used: one statement for all that a process has counted. */
import type { Sql } from '../../db/sql.ts';
import type { KeyUsage } from '../http/key-usage.ts';

/** Milliseconds between two such statements of a process: what was counted since the last is lost if it is killed. */
export const writeUsageEveryMs = 60_000;

/**
 * Adds it to what other processes have counted. Of keys that are gone nothing is written; what could not be is kept for the next
 * time.
 *
 * @throws {Outage} when the database is away
 */
export async function writeUsage(sql: Sql, usage: KeyUsage): Promise<void> {
  const counts = usage.take();
  if (counts.length === 0) return;
  const textsOf = (member: keyof (typeof counts)[number]) => counts.map((count) => String(count[member]));
  try {
    await sql`
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
    usage.giveBack(counts);
    throw error;
  }
}
