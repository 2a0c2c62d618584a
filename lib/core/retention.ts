/** How long what is over is kept, and the sweep that deletes it afterwards. */
import { fragment, type Sql, type SqlFragment } from '../../db/sql.ts';

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
  /** Links to join an organization among them. */
  readonly invitations: number;
  /** Their days of use among them. */
  readonly apiKeys: number;
  /** That were deleted, with what belongs to them. */
  readonly organizations: number;
  readonly auditEvents: number;
}

/** A batch stays far below the limit of a statement, and holds its locks for some ten milliseconds. */
const batchSize = 1000;

interface Swept {
  readonly swept: number;
}

interface Kind {
  readonly name: keyof SweepTotals;
  readonly deleteBatch: () => Promise<readonly Swept[]>;
}

/**
 * Deletes in batches, the kinds in turn so that none waits for another's backlog, until nothing is left or `mayGoOn` says no.
 * Any number of processes may sweep at once: each skips the rows of the others.
 *
 * Given-up emails stay 30 days, so that somebody can look why; sessions and verifications a day after they ended, until when
 * a page can say that a link is old. API keys stay 90 days after their end, their days of use 400 days. Invitations stay 30 days, so that whoever sent one sees what became of it, and deleted
 * organizations, until when they can be restored.
 *
 * @throws {Outage} when the database is away
 */
export async function sweep(sql: Sql, retention: Retention, mayGoOn: () => boolean): Promise<SweepTotals> {
  const totals = {
    emails: 0,
    sessions: 0,
    verifications: 0,
    invitations: 0,
    apiKeys: 0,
    organizations: 0,
    auditEvents: 0,
  };
  let unfinished = toKinds(sql, retention);
  while (unfinished.length > 0) {
    const goesOn: Kind[] = [];
    for (const kind of unfinished) {
      if (!mayGoOn()) return totals;
      const [{ swept } = { swept: 0 }] = await kind.deleteBatch();
      totals[kind.name] += swept;
      if (swept === batchSize) goesOn.push(kind);
    }
    unfinished = goesOn;
  }
  return totals;
}

function toKinds(sql: Sql, { sentEmailsDays, auditEventsDays }: Retention): readonly Kind[] {
  const sentEmails = () =>
    sql<Swept>`${deleteOldest(
      fragment`outbox`,
      fragment`sent_at`,
      fragment`now() - ${sentEmailsDays}::int * interval '1 day'`,
    )}`;
  const deadEmails = () =>
    sql<Swept>`${deleteOldest(fragment`outbox`, fragment`dead_at`, fragment`now() - interval '30 days'`)}`;
  // By the very expression of refresh_tokens_end_index, or the index is of no use.
  const sessions = () =>
    sql<Swept>`${deleteOldest(
      fragment`refresh_tokens`,
      fragment`least(revoked_at at time zone 'UTC', expires_at at time zone 'UTC',
      rotated_at at time zone 'UTC' + interval '30 days')`,
      fragment`now() at time zone 'UTC' - interval '1 day'`,
    )}`;
  const verifications = () =>
    sql<Swept>`${deleteOldest(
      fragment`magic_links`,
      fragment`least(used_at, expires_at)`,
      fragment`now() - interval '1 day'`,
    )}`;
  const invitations = () =>
    sql<Swept>`${deleteOldest(
      fragment`invitations`,
      fragment`least(accepted_at, declined_at, revoked_at, expires_at)`,
      fragment`now() - interval '30 days'`,
    )}`;
  const joinLinks = () =>
    sql<Swept>`${deleteOldest(
      fragment`join_links`,
      fragment`least(revoked_at, expires_at)`,
      fragment`now() - interval '30 days'`,
    )}`;
  const apiKeys = () =>
    sql<Swept>`${deleteOldest(
      fragment`api_keys`,
      fragment`least(revoked_at, expires_at)`,
      fragment`now() - interval '90 days'`,
    )}`;
  const daysOfUse = () =>
    sql<Swept>`${deleteOldest(fragment`api_key_usage`, fragment`day`, fragment`(now() - interval '400 days')::date`)}`;
  const organizations = () =>
    sql<Swept>`${deleteOldest(fragment`organizations`, fragment`deleted_at`, fragment`now() - interval '30 days'`)}`;
  const auditEvents = () => sql<Swept>`
    select coalesce(sweep_audit_events(now() - ${auditEventsDays}::int * interval '1 day', ${batchSize}::int), 0) as swept`;
  return [
    { name: 'emails', deleteBatch: sentEmails },
    { name: 'emails', deleteBatch: deadEmails },
    { name: 'sessions', deleteBatch: sessions },
    { name: 'verifications', deleteBatch: verifications },
    { name: 'invitations', deleteBatch: invitations },
    { name: 'invitations', deleteBatch: joinLinks },
    { name: 'apiKeys', deleteBatch: apiKeys },
    { name: 'apiKeys', deleteBatch: daysOfUse },
    { name: 'organizations', deleteBatch: organizations },
    ...(auditEventsDays > 0 ? [{ name: 'auditEvents', deleteBatch: auditEvents } as const] : []),
  ];
}

/**
 * A batch of what ended `before`, the oldest first. It reads an index of `end` from its beginning, and the rows themselves
 * by where they are: how much the table holds makes no difference.
 */
function deleteOldest(table: SqlFragment, end: SqlFragment, before: SqlFragment): SqlFragment {
  return fragment`
    with gone as (
      delete from ${table} where ctid = any (array(
        select ctid from ${table} where ${end} < ${before}
        order by ${end} limit ${batchSize}::int for update skip locked
      )) returning 1
    ) select count(*)::int as swept from gone`;
}
