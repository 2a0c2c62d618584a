/** What waits in the outbox, by the secret that it is sealed under, for who wants to take an old secret out. */
import type { Sql } from '../../db/sql.ts';
import type { Keyring } from '../core/keyring.ts';
import { SealError, sealVersion } from '../core/sealing.ts';
import { resealEmail } from './encryption.ts';

export interface SealedEmails {
  /** The id of the secret; null without a header of ours. */
  readonly sealId: string | null;
  readonly emails: number;
}

export function countSealedEmails(sql: Sql): Promise<readonly SealedEmails[]> {
  return sql<SealedEmails>`
    select case when length(sealed) > 4 and get_byte(sealed, 0) = ${sealVersion}::int
        then encode(substring(sealed from 2 for 4), 'hex') end as seal_id,
      count(*)::int as emails
    from outbox where sealed is not null
    group by 1 order by 1`;
}

export interface ResealedBatch {
  /** What is now under the newest secret; of the others somebody else has sent or sealed some meanwhile. */
  readonly resealed: number;
  /** Why an email stayed as it was, one reason each. */
  readonly unopened: readonly string[];
  /** The id to go on behind. */
  readonly last: string;
}

const batchSize = 100;

/**
 * Seals the next emails anew whose ids come behind this one. Each is written by itself, and only if it is still as it was read:
 * routers may send and write as they like, none waits for more than one row, and whoever interrupts it goes on another time.
 * Undefined when there are no more.
 */
export async function resealEmails(
  sql: Sql,
  keyring: Keyring,
  after: string,
): Promise<ResealedBatch | undefined> {
  const header = `0${sealVersion}${keyring.newest.id}`;
  const found = await sql<{ id: string; sealed: Uint8Array }>`
    select id, sealed from outbox
    where sealed is not null and id > ${after}::uuid and encode(substring(sealed from 1 for 5), 'hex') <> ${header}::text
    order by id limit ${batchSize}::int`;
  const last = found.at(-1)?.id;
  if (last === undefined) return undefined;
  const unopened: string[] = [];
  let resealed = 0;
  for (const { id, sealed } of found) {
    const anew = tryReseal(id, sealed, keyring);
    if (anew instanceof SealError) unopened.push(anew.message);
    else resealed += await replace(sql, id, sealed, anew);
  }
  return { resealed, unopened, last };
}

function tryReseal(id: string, payload: Uint8Array, keyring: Keyring): Uint8Array | SealError {
  try {
    return resealEmail({ id, payload }, keyring);
  } catch (error) {
    if (error instanceof SealError) return error;
    throw error;
  }
}

async function replace(sql: Sql, id: string, before: Uint8Array, anew: Uint8Array): Promise<number> {
  const replaced = await sql<{ id: string }>`
    update outbox set sealed = ${anew} where id = ${id} and sealed = ${before} returning id`;
  return replaced.length;
}
