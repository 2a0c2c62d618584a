import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createDatabaseClient } from '../../db/client.ts';
import { openConnection } from '../../db/connection.ts';
import type { Sql } from '../../db/sql.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { sweep } from './retention.ts';

const retention = { sentEmailsDays: 7, auditEventsDays: 400 };
const always = () => true;

async function openDatabase() {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url, max: 20 });
  after(async () => {
    await database.close();
    await drop();
  });
  return { sql: database.sql, url };
}

const namesOf = async (rows: Promise<readonly { readonly name: string }[]>) =>
  (await rows).map(({ name }) => name).sort();

async function writeEmails(sql: Sql, count: number, sentDaysAgo: number): Promise<void> {
  await sql`
    insert into outbox (id, recipient, letter, sent_at)
    select gen_random_uuid(), 'reader@example.com', 'password-changed', now() - ${sentDaysAgo}::int * interval '1 day'
    from generate_series(1, ${count}::int)`;
}

test('the sweep takes each kind when its time is over, and leaves what is younger', async () => {
  const { sql } = await openDatabase();
  await sql`
    insert into outbox (id, recipient, letter, sent_at, dead_at)
    select gen_random_uuid(), name, 'password-changed', now() - sent::interval, now() - dead::interval
    from (values ('sent 8', '8 days', null), ('sent 6', '6 days', null), ('dead 31', null, '31 days'),
      ('dead 29', null, '29 days'), ('waiting', null, null)) as email (name, sent, dead)`;
  await sql`
    insert into users (id, email) values ('00000000-0000-7000-8000-000000000001', 'reader@example.com')`;
  await sql`
    insert into refresh_tokens (id, user_id, nonce_hash, amr, user_agent, rotated_at, expires_at, revoked_at)
    select gen_random_uuid(), '00000000-0000-7000-8000-000000000001', ''::bytea, '{pwd}', name,
      now() - rotated::interval, now() + expires::interval, now() - revoked::interval
    from (values ('live', '29 days', '1 day', null), ('idle 30', '30 days 23 hours', '9 days', null),
      ('idle 31', '31 days 1 hour', '9 days', null), ('expired', '2 days', '-25 hours', null),
      ('just expired', '2 days', '-23 hours', null), ('revoked', '2 days', '9 days', '25 hours'),
      ('just revoked', '2 days', '9 days', '23 hours')) as session (name, rotated, expires, revoked)`;
  await sql`
    insert into magic_links (id, purpose, email, token_hash, expires_at, used_at)
    select gen_random_uuid(), 'sign-in', name, sha256(name::bytea), now() + expires::interval, now() - used::interval
    from (values ('live', '15 minutes', null), ('expired', '-25 hours', null), ('just expired', '-23 hours', null),
      ('used', '1 hour', '25 hours'), ('just used', '1 hour', '23 hours')) as verification (name, expires, used)`;
  await sql`
    insert into audit_events (id, event, request_id, occurred_at)
    select gen_random_uuid(), 'session.started', name, now() - age::interval
    from (values ('401', '401 days'), ('399', '399 days'), ('now', '0 days')) as event (name, age)`;

  await sql`
    insert into organizations (id, name, slug, deleted_at)
    select gen_random_uuid(), name, name, now() - deleted::interval
    from (values ('living', null), ('deleted-29', '29 days'), ('deleted-31', '31 days')) as organization (name, deleted)`;
  await sql`
    insert into invitations (id, organization_id, email, role, token_hash, expires_at, accepted_at, declined_at, revoked_at)
    select gen_random_uuid(), organizations.id, invitation.name, 'member', sha256(invitation.name::bytea),
      now() + expires::interval, now() - accepted::interval, now() - declined::interval, now() - revoked::interval
    from organizations, (values ('pending', '7 days', null, null, null), ('expired-31', '-31 days', null, null, null),
      ('expired-29', '-29 days', null, null, null), ('accepted-31', '1 day', '31 days', null, null),
      ('declined-31', '1 day', null, '31 days', null), ('revoked-29', '1 day', null, null, '29 days'))
      as invitation (name, expires, accepted, declined, revoked)
    where organizations.name = 'living'`;
  await sql`
    insert into join_links (id, organization_id, domain, token_hash, expires_at, revoked_at)
    select gen_random_uuid(), organizations.id, link.name, sha256(link.name::bytea), now() + expires::interval,
      now() - revoked::interval
    from organizations, (values ('live', '7 days', null), ('revoked-31', '7 days', '31 days')) as link (name, expires, revoked)
    where organizations.name = 'living'`;
  await sql`
    insert into api_keys (id, organization_id, name, secret_hash, scopes, expires_at, revoked_at)
    select gen_random_uuid(), organizations.id, key.name, ''::bytea, '{members:read}', now() + expires::interval,
      now() - revoked::interval
    from organizations, (values ('live', '7 days', null), ('for ever', null, null), ('expired-91', '-91 days', null),
      ('expired-89', '-89 days', null), ('revoked-91', null, '91 days')) as key (name, expires, revoked)
    where organizations.name = 'living'`;
  await sql`
    insert into api_key_usage (key_id, day, requests, refused)
    select id, current_date - days, 1, 0 from api_keys, unnest('{402,399}'::int[]) as days where name = 'live'`;
  await sql`
    insert into memberships (organization_id, user_id, role)
    select id, '00000000-0000-7000-8000-000000000001', 'owner' from organizations`;

  const totals = await sweep(sql, retention, always);

  assert.deepEqual(totals, {
    emails: 2,
    sessions: 3,
    verifications: 2,
    invitations: 4,
    apiKeys: 3,
    organizations: 1,
    auditEvents: 1,
  });
  assert.deepEqual(await namesOf(sql`select name from organizations`), ['deleted-29', 'living']);
  assert.equal((await sql`select from memberships`).length, 2);
  assert.deepEqual(await namesOf(sql`select email as name from invitations`), [
    'expired-29',
    'pending',
    'revoked-29',
  ]);
  assert.deepEqual(await namesOf(sql`select domain as name from join_links`), ['live']);
  assert.deepEqual(await namesOf(sql`select name from api_keys`), ['expired-89', 'for ever', 'live']);
  assert.equal((await sql`select from api_key_usage`).length, 1);
  assert.deepEqual(await namesOf(sql`select recipient as name from outbox`), [
    'dead 29',
    'sent 6',
    'waiting',
  ]);
  assert.deepEqual(await namesOf(sql`select user_agent as name from refresh_tokens`), [
    'idle 30',
    'just expired',
    'just revoked',
    'live',
  ]);
  assert.deepEqual(await namesOf(sql`select email as name from magic_links`), [
    'just expired',
    'just used',
    'live',
  ]);
  assert.deepEqual(await namesOf(sql`select request_id as name from audit_events`), ['399', 'now']);
});

test('an operator keeps emails longer, and the trail for ever', async () => {
  const { sql } = await openDatabase();
  await writeEmails(sql, 1, 8);
  await sql`
    insert into audit_events (id, event, occurred_at)
    values (gen_random_uuid(), 'session.started', now() - interval '10 years')`;
  const totals = await sweep(sql, { sentEmailsDays: 30, auditEventsDays: 0 }, always);
  assert.deepEqual(totals, {
    emails: 0,
    sessions: 0,
    verifications: 0,
    invitations: 0,
    apiKeys: 0,
    organizations: 0,
    auditEvents: 0,
  });
});

test('the sweep goes on batch by batch until nothing is left, or until it may not', async () => {
  const { sql } = await openDatabase();
  await writeEmails(sql, 2500, 8);
  let batches = 0;
  const first = await sweep(sql, retention, () => batches++ < 1);
  assert.equal(first.emails, 1000);
  const rest = await sweep(sql, retention, always);
  assert.equal(rest.emails, 1500);
});

test('a batch reads no more than it deletes, whatever else the table holds', async () => {
  const { url } = await openDatabase();
  // The figures of a connection are told when it says so, and by itself. Filling takes longer than a request may.
  const { sql, close } = createDatabaseClient({ url, max: 1, deadlineMs: 60_000 });
  after(close);
  await writeEmails(sql, 20_000, 1);
  await sql`
    insert into audit_events (id, event, occurred_at)
    select gen_random_uuid(), 'session.started', now() from generate_series(1, 20000)`;
  await sql`
    insert into magic_links (id, purpose, email, token_hash, expires_at)
    select gen_random_uuid(), 'sign-in', 'reader@example.com', sha256(int4send(n)), now() from generate_series(1, 20000) as n`;
  await sql`
    insert into users (id, email) values ('00000000-0000-7000-8000-000000000001', 'reader@example.com')`;
  await sql`
    insert into refresh_tokens (id, user_id, nonce_hash, amr, expires_at)
    select gen_random_uuid(), '00000000-0000-7000-8000-000000000001', ''::bytea, '{pwd}', now()
    from generate_series(1, 20000)`;
  await writeEmails(sql, 1500, 8);
  await sql`analyze`;
  const before = await countReads(sql);
  assert.equal((await sweep(sql, retention, always)).emails, 1500);
  const { scanned, fetched } = await countReads(sql);
  assert.equal(scanned - before.scanned, 0);
  assert.ok(fetched - before.fetched <= 2 * 1500, `${fetched - before.fetched} rows for 1500`);
});

interface Reads {
  readonly scanned: number;
  readonly fetched: number;
}

/** Rows that were read one after the other, and by an index, in all tables. */
async function countReads(sql: Sql): Promise<Reads> {
  await sql`select pg_stat_force_next_flush()`;
  const [reads] = await sql<Reads>`
    select sum(seq_tup_read)::int as scanned, sum(idx_tup_fetch)::int as fetched from pg_stat_user_tables`;
  return reads ?? assert.fail('no figures');
}

test('two sweeps at once share the rows, and a row that somebody holds keeps neither waiting', async (t) => {
  const { sql, url } = await openDatabase();
  await writeEmails(sql, 5000, 8);
  const holder = openConnection(url);
  t.after(holder.destroy);
  await holder.sql.unsafe('begin; select from outbox order by sent_at, id limit 1 for update');
  const both = await Promise.all([sweep(sql, retention, always), sweep(sql, retention, always)]);
  assert.equal(
    both.reduce((sum, { emails }) => sum + emails, 0),
    4999,
  );
});

test('the trail is deleted by its sweep alone, and by that nothing of the last 30 days', async () => {
  const { sql } = await openDatabase();
  await sql`
    insert into audit_events (id, event, occurred_at)
    select gen_random_uuid(), 'session.started', now() - days * interval '1 day' from unnest('{29,31}'::int[]) as days`;
  await assert.rejects(sql`delete from audit_events`, /append only/);
  await assert.rejects(sql`update audit_events set event = 'x'`, /append only/);
  await assert.rejects(sql`truncate audit_events`, /append only/);
  for (const bound of ['29 days', '0 days', null]) {
    await assert.rejects(
      sql`select sweep_audit_events(now() - ${bound}::interval, 1000)`,
      /last 30 days are kept/,
    );
  }
  assert.deepEqual(
    [...(await sql`select sweep_audit_events(now() - interval '30 days', 1000) as swept`)],
    [{ swept: 1 }],
  );
  // What let the sweep delete ends with it, within the same transaction too.
  await assert.rejects(
    sql`with swept as materialized (select sweep_audit_events(now() - interval '30 days', 1000) as count)
      delete from audit_events using swept where count >= 0`,
    /append only/,
  );
  assert.equal((await sql`select from audit_events`).length, 1);
});
