/**
 * The outbox as a queue: an email is waiting until it is sent or dead, due when its next attempt may be made, and first
 * of its mailbox when no older one waits there.
 */
import type { Sql } from '../../db/sql.ts';
import type { Language } from '../../db/languages.ts';
import type { EmailTemplate } from './parameters.ts';

/** An email that is ours for as long as the lease runs. */
export interface Claimed {
  readonly id: string;
  readonly template: EmailTemplate;
  readonly recipient: string;
  readonly payload: Uint8Array | null;
  readonly attempts: number;
  /** Of the account that it is to; null where it is to none. */
  readonly locale: Language | null;
  /** Until it is given up. */
  readonly remainingMs: number;
}

/** Takes the oldest email that is due and first of its mailbox; for as long as the lease runs nobody else does. */
export async function claimEmail(sql: Sql, leaseMs: number): Promise<Claimed | undefined> {
  const [claimed] = await sql<Claimed>`
    update outbox
    set attempts = attempts + 1, next_attempt_at = now() + ${leaseMs}::float8 * interval '1 millisecond'
    where id = (
      select id from outbox as due
      where sent_at is null and dead_at is null and next_attempt_at <= now()
        and least(useful_until, created_at + interval '1 day') > now()
        and not exists (
          select from outbox as older
          where older.recipient = due.recipient and older.sent_at is null and older.dead_at is null
            and (older.created_at, older.id) < (due.created_at, due.id)
        )
      order by created_at, id
      limit 1
      for update skip locked
    )
    returning id, letter as template, recipient, sealed as payload, attempts,
      (select locale from users where users.id = outbox.user_id) as locale,
      (extract(epoch from least(useful_until, created_at + interval '1 day') - now()) * 1000)::float8
        as remaining_ms`;
  return claimed;
}

/** An email that was accepted was sent, whatever another sender made of it in the meantime. */
export async function markSent(sql: Sql, id: string): Promise<void> {
  await sql`
    update outbox set sent_at = now(), sealed = null, last_error = null, dead_at = null
    where id = ${id} and sent_at is null`;
}

/** Only while the claim is ours: after its lease somebody else may be at it. */
export async function markFailed(sql: Sql, { id, attempts }: Claimed, reason: string, delayMs: number) {
  await sql`
    update outbox
    set next_attempt_at = now() + ${delayMs}::float8 * interval '1 millisecond', last_error = ${reason}
    where id = ${id} and attempts = ${attempts}::int and sent_at is null and dead_at is null`;
}

export async function markDead(sql: Sql, { id, attempts }: Claimed, reason: string): Promise<void> {
  await sql`
    update outbox set dead_at = now(), sealed = null, last_error = ${reason}
    where id = ${id} and attempts = ${attempts}::int and sent_at is null`;
}

interface LateEmail {
  readonly id: string;
  readonly template: string;
  readonly lastError: string;
}

/** Those that nobody is at, and that would come too late: providers keep an idempotency key for a day. */
export function giveUpLateEmails(sql: Sql): Promise<readonly LateEmail[]> {
  return sql<LateEmail>`
    update outbox set dead_at = now(), sealed = null, last_error = coalesce(last_error, 'too late')
    where id in (
      select id from outbox
      where sent_at is null and dead_at is null and next_attempt_at <= now()
        and least(useful_until, created_at + interval '1 day') <= now()
      for update skip locked
    )
    returning id, letter as template, last_error`;
}

/** Milliseconds until the next email that is first of its mailbox is due; undefined when none waits. */
export async function nextDueMs(sql: Sql): Promise<number | undefined> {
  const [next] = await sql<{ dueMs: number | null }>`
    select (extract(epoch from min(next_attempt_at) - now()) * 1000)::float8 as due_ms
    from (
      select distinct on (recipient) next_attempt_at from outbox
      where sent_at is null and dead_at is null
      order by recipient, created_at, id
    ) as heads`;
  return next?.dueMs ?? undefined;
}
