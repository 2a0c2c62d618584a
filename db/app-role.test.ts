import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { sweep } from '../lib/core/retention.ts';
import { createLog } from '../lib/core/log.ts';
import { createSender } from '../lib/mail/sender.ts';
import { startBlockbot } from '../test/support/blockbot.ts';
import { captureEmails } from '../test/support/captured-emails.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { grantAppRole } from './app-role.ts';
import { createDatabaseClient } from './client.ts';
import * as schema from './schema.ts';
import { createKeyring } from '../lib/core/keyring.ts';

/** A database, who owns it, and a role that may sign in and no more. */
async function openDatabase() {
  const { url, drop } = await createTestDatabase();
  const owner = postgres(url, { max: 1, onnotice: () => undefined });
  const role = `app_${randomBytes(6).toString('hex')}`;
  await owner.unsafe(`create role ${role} login password 'of-this-test'`);
  const appUrl = Object.assign(new URL(url), { username: role, password: 'of-this-test' }).href;
  const database = createDatabaseClient({ url: appUrl });
  const app = postgres(appUrl, { max: 1 });
  after(async () => {
    await database.close();
    await app.end();
    await owner.unsafe(`drop owned by ${role}; drop role ${role}`);
    await owner.end();
    await drop();
  });
  return { url, owner, app, role, database };
}

test('as the app role the router signs people up and in, refreshes, exports, sends, sweeps and deletes', async () => {
  const { url, owner, role, database } = await openDatabase();
  await grantAppRole(url, role);
  const transport = captureEmails();
  const sender = createSender({
    database,
    transport,
    keyring: createKeyring(['a secret of this test that is long enough for all']),
    publicUrl: 'https://api.example.com',
    log: createLog({ write: () => undefined }),
  });
  const bot = await startBlockbot({
    database,
    outbox: { wake: () => undefined, deliver: sender.deliver },
  });
  const ask = async (status: number, ...request: Parameters<typeof bot.send>) => {
    const response = await bot.send(...request);
    assert.equal(response.status, status, `${request[1]}: ${response.status}`);
    return status === 200 ? ((await response.json()) as Record<string, string>) : {};
  };

  const { email, password } = await bot.register();
  assert.equal((await owner`select from users where email = ${email}`).length, 1);
  const { refresh_token } = await ask(200, 'POST', '/v1/auth/login', { body: { email, password } });
  const { access_token = '' } = await ask(200, 'POST', '/v1/auth/refresh', { body: { refresh_token } });
  const token = access_token;
  for (const path of ['/v1/me', '/v1/me/audit-events', '/v1/me/export', '/v1/sessions'])
    await ask(200, 'GET', path, { token });
  await ask(202, 'POST', '/v1/auth/password/forgot', { body: { email } });
  const { sent } = await sender.deliver();
  assert.ok(sent > 0);
  await sweep(database.sql, { sentEmailsDays: 7, auditEventsDays: 400 }, () => true);
  await ask(204, 'DELETE', '/v1/me', { token, body: { password } });
  assert.equal((await owner`select from users where email = ${email}`).length, 0);
  const [trail] =
    await owner`select count(*)::int as count from audit_events where event = 'account.deleted'`;
  assert.deepEqual(trail, { count: 1 });
});

test('the app role reads every table, and can change neither the audit trail nor any table', async () => {
  const { url, owner, app, role, database } = await openDatabase();
  await owner`insert into audit_events (id, event) values (gen_random_uuid(), 'session.started')`;
  // What an earlier grant gave goes.
  await owner.unsafe(`grant all on all tables in schema public to ${role}`);
  await grantAppRole(url, role);
  const { sql } = database;
  const tables = Object.values(schema).flatMap((value) => (is(value, PgTable) ? [getTableName(value)] : []));
  assert.ok(tables.length >= 8);
  for (const table of tables) {
    const [may] = await sql<{ read: boolean; add: boolean }>`
      select has_table_privilege(${table}::text, 'select') as read, has_table_privilege(${table}::text, 'insert') as add`;
    assert.deepEqual(may, { read: true, add: true }, table);
  }
  const statements = [
    'alter table audit_events disable trigger user',
    'alter table audit_events disable trigger audit_events_append_only',
    'drop trigger audit_events_append_only on audit_events',
    'delete from audit_events',
    "update audit_events set event = 'x'",
    'truncate audit_events',
    'drop table audit_events',
    'drop function sweep_audit_events',
    "create or replace function refuse_audit_change() returns trigger language plpgsql as 'begin return null; end'",
    'alter table users add column extra text',
    'truncate users',
    'create table mine ()',
    'select sweep_audit_events(now(), 1000)',
    'set session_replication_role = replica',
    'delete from drizzle.__drizzle_migrations',
  ];
  for (const statement of statements) {
    await assert.rejects(app.unsafe(statement), { code: '42501' }, statement);
  }
  // By itself the setting opens nothing.
  await assert.rejects(
    database.transaction(async (inside) => {
      await inside`select set_config('blockbot.sweeps_audit_events', 'on', true)`;
      await inside`delete from audit_events`;
    }),
    { code: '42501' },
  );
  assert.equal((await owner`select from audit_events`).length, 1);
});

test('a role that could change the trail all the same is refused, and is granted nothing', async () => {
  const { url, owner, role } = await openDatabase();
  await assert.rejects(grantAppRole(url, 'nobody-at-all'), /there is no role nobody-at-all/);
  const [{ me } = { me: '' }] = await owner<{ me: string }[]>`select current_user as me`;
  const attempts = [
    [`alter role ${role} superuser`, `alter role ${role} nosuperuser`],
    [`alter role ${role} createrole`, `alter role ${role} nocreaterole`],
    [`grant "${me}" to ${role}`, `revoke "${me}" from ${role}`],
    [`grant pg_write_all_data to ${role}`, `revoke pg_write_all_data from ${role}`],
    ['grant delete on audit_events to public', 'revoke delete on audit_events from public'],
  ] as const;
  for (const [give, take] of attempts) {
    await owner.unsafe(give);
    await assert.rejects(grantAppRole(url, role), /could change the audit trail/, give);
    await owner.unsafe(take);
    const [granted] = await owner`select has_table_privilege(${role}, 'users', 'select') as users`;
    assert.deepEqual(granted, { users: false }, give);
  }
});

test('two that grant at once wait for each other', async () => {
  const { url, owner, role } = await openDatabase();
  await Promise.all(Array.from({ length: 6 }, () => grantAppRole(url, role)));
  const [granted] = await owner`select has_table_privilege(${role}, 'users', 'select') as users`;
  assert.deepEqual(granted, { users: true });
});
