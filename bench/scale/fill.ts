/** Rows as years of use leave them behind. Ids rise with time, as UUIDv7 does. */
import type postgres from 'postgres';

export interface Amounts {
  readonly users: number;
  readonly sessions: number;
  readonly emails: number;
  readonly events: number;
  /** And as many links to join. */
  readonly invitations: number;
  /** With ten days of use each. */
  readonly keys: number;
}

const chunk = 100_000;

/** A function of the session's own: the id of the nth row of a kind. */
const defineId = `
  create or replace function pg_temp.nth_id(kind text, n bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(1700000000000 + n), 12, '0') || '70008' || substr(md5(kind || n), 1, 15))::uuid
  $$`;

/** All that belongs to accounts `from` to `to`: the person, the organization, two live sessions each. */
async function fillAccounts(
  sql: postgres.Sql,
  { from, to }: { from: number; to: number },
  sessionsEach: number,
): Promise<void> {
  await sql.unsafe(`
    insert into users (id, email, email_verified_at, password_hash)
    select pg_temp.nth_id('user', n), 'person-' || n || '@example.com', now(), 'the same for all'
    from generate_series(${from}::int, ${to}::int) as n`);
  await sql.unsafe(`
    insert into organizations (id, name, slug)
    select pg_temp.nth_id('organization', n), 'Personal', 'organization-' || n
    from generate_series(${from}::int, ${to}::int) as n`);
  await sql.unsafe(`
    insert into memberships (organization_id, user_id, role)
    select pg_temp.nth_id('organization', n), pg_temp.nth_id('user', n), 'owner'
    from generate_series(${from}::int, ${to}::int) as n`);
  await sql.unsafe(`
    insert into refresh_tokens (id, user_id, organization_id, nonce_hash, amr, user_agent, address, rotated_at, expires_at)
    select pg_temp.nth_id('session', n * ${sessionsEach}::int + s), pg_temp.nth_id('user', n),
      pg_temp.nth_id('organization', n), sha256(int8send(n)), '{pwd}', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0)',
      '192.0.2.1', now() - n % 29 * interval '1 day', now() + (1 + n % 60) * interval '1 day'
    from generate_series(${from}::int, ${to}::int) as n, generate_series(0, ${sessionsEach - 1}::int) as s`);
}

async function fillEmails(sql: postgres.Sql, from: number, to: number, total: number): Promise<void> {
  await sql.unsafe(`
    insert into outbox (id, user_id, recipient, letter, created_at, sent_at)
    select pg_temp.nth_id('email', n), null, 'person-' || n || '@example.com', 'sign-in', at, at
    from generate_series(${from}::int, ${to}::int) as n,
      lateral (select now() - (1 - n::float8 / ${total}::int) * interval '6.9 days' as at) as moment`);
}

async function fillEvents(sql: postgres.Sql, from: number, to: number, amounts: Amounts): Promise<void> {
  await sql.unsafe(`
    insert into audit_events (id, event, user_id, organization_id, session_id, request_id, occurred_at)
    select pg_temp.nth_id('event', n), 'session.started', pg_temp.nth_id('user', 1 + n % ${amounts.users}::int), null,
      pg_temp.nth_id('session', n), 'request', now() - (1 - n::float8 / ${amounts.events}::int) * interval '399 days'
    from generate_series(${from}::int, ${to}::int) as n`);
}

/** Of organization n each, accepted and revoked over the last 29 days. */
async function fillInvitations(sql: postgres.Sql, from: number, to: number, total: number): Promise<void> {
  const moments = `generate_series(${from}::int, ${to}::int) as n,
      lateral (select now() - (1 - n::float8 / ${total}::int) * interval '29 days' as at) as moment`;
  await sql.unsafe(`
    insert into invitations (id, organization_id, email, role, token_hash, created_at, expires_at, accepted_at)
    select pg_temp.nth_id('invitation', n), pg_temp.nth_id('organization', n), 'person-' || n || '@example.com', 'member',
      sha256(('invitation-' || n)::bytea), at, at + interval '7 days', at
    from ${moments}`);
  await sql.unsafe(`
    insert into join_links (id, organization_id, token_hash, created_at, expires_at, revoked_at)
    select pg_temp.nth_id('link', n), pg_temp.nth_id('organization', n), sha256(('link-' || n)::bytea), at,
      at + interval '7 days', at
    from ${moments}`);
}

async function fillKeys(sql: postgres.Sql, from: number, to: number): Promise<void> {
  await sql.unsafe(`
    insert into api_keys (id, organization_id, name, secret_hash, scopes, expires_at)
    select pg_temp.nth_id('key', n), pg_temp.nth_id('organization', n), 'Key', sha256(int8send(n)), '{}',
      now() + n % 300 * interval '1 day'
    from generate_series(${from}::int, ${to}::int) as n`);
  await sql.unsafe(`
    insert into api_key_usage (key_id, day, requests, refused)
    select pg_temp.nth_id('key', n), current_date - days, 1000, 0
    from generate_series(0, 9) as days, generate_series(${from}::int, ${to}::int) as n`);
}

/**
 * What the sweep is to take: so many of each kind, with ids before all others. They are to be written before the rest, or
 * they fill the gaps that the rest has left: a row in each page, where a table that grew by time has a hundred.
 */
export async function fillDue(sql: postgres.Sql, count: number): Promise<void> {
  await sql.unsafe(defineId);
  await sql.unsafe(`
    insert into outbox (id, recipient, letter, created_at, sent_at, dead_at)
    select pg_temp.nth_id(kind, n - ${count}), 'person-' || n || '@example.com', 'sign-in', now() - interval '40 days',
      case kind when 'due-sent' then now() - interval '8 days' end, case kind when 'due-dead' then now() - interval '31 days' end
    from unnest('{due-sent,due-dead}'::text[]) as kind, generate_series(1, ${count}::int) as n`);
  await sql.unsafe(`
    insert into refresh_tokens (id, user_id, organization_id, nonce_hash, amr, user_agent, address, rotated_at, expires_at)
    select pg_temp.nth_id('due-session', n - ${count}), pg_temp.nth_id('user', 500 + n % 500),
      pg_temp.nth_id('organization', 500 + n % 500), sha256(int8send(n)), '{pwd}',
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0)', '192.0.2.1', now() - interval '32 days', now() + interval '50 days'
    from generate_series(1, ${count}::int) as n`);
  await sql.unsafe(`
    insert into magic_links (id, purpose, email, token_hash, expires_at)
    select pg_temp.nth_id('due-verification', n - ${count}), 'sign-in', 'person-' || n || '@example.com', sha256(int8send(n)),
      now() - interval '2 days'
    from generate_series(1, ${count}::int) as n`);
  await sql.unsafe(`
    insert into audit_events (id, event, user_id, session_id, request_id, occurred_at)
    select pg_temp.nth_id('due-event', n - ${count}), 'session.started', pg_temp.nth_id('user', 500 + n % 500),
      pg_temp.nth_id('due-session', n), 'request', now() - interval '401 days'
    from generate_series(1, ${count}::int) as n`);
  await sql.unsafe(`
    insert into invitations (id, organization_id, email, role, token_hash, expires_at, revoked_at)
    select pg_temp.nth_id('due-invitation', n - ${count}), pg_temp.nth_id('organization', 500 + n % 500),
      'guest-' || n || '@example.com', 'member', sha256(('due-invitation-' || n)::bytea), now() - interval '31 days',
      now() - interval '31 days'
    from generate_series(1, ${count}::int) as n`);
  await sql.unsafe(`
    insert into join_links (id, organization_id, token_hash, expires_at, revoked_at)
    select pg_temp.nth_id('due-link', n - ${count}), pg_temp.nth_id('organization', 500 + n % 500),
      sha256(('due-link-' || n)::bytea), now() - interval '31 days', now() - interval '31 days'
    from generate_series(1, ${count}::int) as n`);
  await sql.unsafe(`
    insert into api_keys (id, organization_id, name, secret_hash, scopes, expires_at)
    select pg_temp.nth_id('due-key', n - ${count}), pg_temp.nth_id('organization', 500 + n % 500), 'Key',
      sha256(int8send(n)), '{}', now() - interval '91 days'
    from generate_series(1, ${count}::int) as n`);
  // Of keys that live on.
  await sql.unsafe(`
    insert into api_key_usage (key_id, day, requests, refused)
    select pg_temp.nth_id('key', 500 + n % 500), current_date - 402 - (n - 1) / 500, 1000, 0
    from generate_series(1, ${count}::int) as n`);
  await sql.unsafe(`
    insert into organizations (id, name, slug, deleted_at)
    select pg_temp.nth_id('due-organization', n - ${count}), 'Team', 'due-organization-' || n, now() - interval '31 days'
    from generate_series(1, ${count}::int) as n`);
}

/**
 * @param options.after what is there already
 * @param options.tell is told what is in place, for whoever waits
 */
export async function fill(
  sql: postgres.Sql,
  amounts: Amounts,
  { after, tell }: { after?: Amounts; tell: (line: string) => void },
): Promise<void> {
  await sql.unsafe(`set synchronous_commit = off; ${defineId}`);
  const inChunks = async (
    name: string,
    kind: keyof Amounts,
    write: (from: number, to: number) => Promise<void>,
  ) => {
    const total = amounts[kind];
    for (let from = 1 + (after?.[kind] ?? 0); from <= total; from += chunk) {
      const to = Math.min(total, from + chunk - 1);
      await write(from, to);
      tell(`${to} of ${total} ${name}`);
    }
  };
  const sessionsEach = Math.max(1, Math.round(amounts.sessions / amounts.users));
  await inChunks('accounts', 'users', (from, to) => fillAccounts(sql, { from, to }, sessionsEach));
  await inChunks('sent emails', 'emails', (from, to) => fillEmails(sql, from, to, amounts.emails));
  await inChunks('events', 'events', (from, to) => fillEvents(sql, from, to, amounts));
  await inChunks('invitations', 'invitations', (from, to) =>
    fillInvitations(sql, from, to, amounts.invitations),
  );
  await inChunks('API keys', 'keys', (from, to) => fillKeys(sql, from, to));
}
