/** How long what is over is kept, and the sweep that deletes it afterwards. */
import type { Sql } from '../../db/sql.ts';

export interface Retention {
  /** Days after an email was sent. */
  readonly sentEmailsDays: number;
  /** Days after an event; 0 is for ever. The database keeps 30 at least. */
  readonly auditEventsDays: number;
}

/** Rows that went, by what they were. */
export interface SweepTotals {
  readonly emails: number;
  readonly sessions: number;
  readonly verifications: number;
  readonly auditEvents: number;
}

/** A batch stays far below the limit of a statement, and holds its locks for some ten milliseconds. */
const batchSize = 1000;

interface Swept {
  readonly swept: number;
}

type Batch = () => Promise<readonly Swept[]>;

/**
 * Deletes in batches, the kinds in turn so that none waits for another's backlog, until nothing is left or `mayGoOn` says no.
 * Any number of processes may sweep at once: each skips the rows of the others.
 *
 * Given-up emails stay 30 days, so that somebody can look why; sessions and verifications a day after they ended, until when
 * a page can say that a link is old.
 *
 * @throws {Outage} when the database is away
 */
export async function sweep(
  sql: Sql,
  { sentEmailsDays, auditEventsDays }: Retention,
  mayGoOn: () => boolean,
): Promise<SweepTotals> {
  const totals = { emails: 0, sessions: 0, verifications: 0, auditEvents: 0 };
  const sentEmails: Batch = () => sql<Swept>`
    with gone as (
      delete from outbox where id = any (array(
        select id from outbox where sent_at < now() - ${sentEmailsDays}::int * interval '1 day'
        order by sent_at limit ${batchSize}::int for update skip locked
      )) returning 1
    ) select count(*)::int as swept from gone`;
  const deadEmails: Batch = () => sql<Swept>`
    with gone as (
      delete from outbox where id = any (array(
        select id from outbox where dead_at < now() - interval '30 days'
        order by dead_at limit ${batchSize}::int for update skip locked
      )) returning 1
    ) select count(*)::int as swept from gone`;
  // By the very expression of refresh_tokens_end_index, or the index is of no use.
  const sessions: Batch = () => sql<Swept>`
    with gone as (
      delete from refresh_tokens where id = any (array(
        select id from refresh_tokens
        where least(revoked_at at time zone 'UTC', expires_at at time zone 'UTC',
          rotated_at at time zone 'UTC' + interval '30 days') < now() at time zone 'UTC' - interval '1 day'
        order by least(revoked_at at time zone 'UTC', expires_at at time zone 'UTC',
          rotated_at at time zone 'UTC' + interval '30 days')
        limit ${batchSize}::int for update skip locked
      )) returning 1
    ) select count(*)::int as swept from gone`;
  const verifications: Batch = () => sql<Swept>`
    with gone as (
      delete from magic_links where id = any (array(
        select id from magic_links where least(used_at, expires_at) < now() - interval '1 day'
        order by least(used_at, expires_at) limit ${batchSize}::int for update skip locked
      )) returning 1
    ) select count(*)::int as swept from gone`;
  const auditEvents: Batch = () => sql<Swept>`
    select coalesce(sweep_audit_events(now() - ${auditEventsDays}::int * interval '1 day', ${batchSize}::int), 0) as swept`;

  let unfinished: { readonly kind: keyof SweepTotals; readonly batch: Batch }[] = [
    { kind: 'emails', batch: sentEmails },
    { kind: 'emails', batch: deadEmails },
    { kind: 'sessions', batch: sessions },
    { kind: 'verifications', batch: verifications },
  ];
  if (auditEventsDays > 0) unfinished.push({ kind: 'auditEvents', batch: auditEvents });
  while (unfinished.length > 0) {
    const goesOn: typeof unfinished = [];
    for (const part of unfinished) {
      if (!mayGoOn()) return totals;
      const [{ swept } = { swept: 0 }] = await part.batch();
      totals[part.kind] += swept;
      if (swept === batchSize) goesOn.push(part);
    }
    unfinished = goesOn;
  }
  return totals;
}
