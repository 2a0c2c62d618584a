import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import accept from '../functions/invitations/accept.ts';
import login from '../functions/sessions/login.ts';
import { openConnection } from '../db/connection.ts';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { readOwnKey } from '../test/support/api-keys.ts';
import { expectJson } from '../test/support/responses.ts';
import { startBlockbot } from '../test/support/blockbot.ts';

const bot = await startBlockbot();

function seed(env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/seed.ts'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
}

test('seed writes people who can sign in, and writes nobody twice', async () => {
  let key: string | undefined;
  for (let run = 0; run < 2; run++) {
    const { status, stdout, stderr } = seed({ DATABASE_URL: bot.databaseUrl });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^Harbour Logistics: ines\.carvalho@example\.com \(owner\), /);
    const [told] = /bbk_\w+/.exec(stdout) ?? [];
    assert.equal(told !== undefined, run === 0, 'a key is told once');
    key ??= told;
  }
  const [counts] = await bot.database.sql<Record<string, string>>`
    select (select count(*) from users) as users, (select count(*) from organizations) as organizations,
      (select count(*) from memberships) as memberships, (select count(*) from invitations) as invitations`;
  assert.deepEqual(counts, { users: '9', organizations: '3', memberships: '10', invitations: '3' });
  await expectJson(await readOwnKey(bot, key ?? ''), 200);
  const body = { email: 'freja.lindqvist@example.com', password: 'correct horse battery staple' };
  await expectJson(await bot.send('POST', '/v1/auth/login', { body }, login), 200);
});

test('a seed that fails leaves no Postgres running', async () => {
  const dataDir = await makeTemporaryFolder();
  const embedded = await startEmbeddedPostgres({ dataDir });
  const { sql, close } = openConnection(embedded.url);
  // In the way of the first migration.
  await sql`create table users ()`;
  await close();
  await embedded.stop();
  const { status, stderr } = seed({ DATA_DIR: dataDir });
  assert.equal(status, 1);
  assert.match(stderr, /^seed: .*users/);
  assert.equal(existsSync(join(dataDir, 'postgres/postmaster.pid')), false);
});

test('the links that seed tells open its invitations, with an account and without one', async () => {
  const { stdout } = seed({ DATABASE_URL: bot.databaseUrl });
  const links = [...stdout.matchAll(/^ {2}invites (\S+) \((\w+)\): \/auth\/invitation#([\w-]{43})$/gm)];
  assert.deepEqual(
    links.map(([, email]) => email),
    ['noor.haddad@example.com', 'aoife.byrne@example.com', 'luca.moretti@example.com'],
  );
  for (const [, email, role, token] of links) {
    const accepted = await bot.send('POST', '/v1/invitations/accept', { body: { token } }, accept);
    const { organization } = await expectJson<{ organization: { id: string } }>(accepted, 200);
    const [member] = await bot.database.sql<{ role: string }>`
      select role from memberships join users on users.id = user_id
      where organization_id = ${organization.id} and email = ${email ?? ''}`;
    assert.equal(member?.role, role);
  }
});

test('seed says what of another origin is in the way, and writes nothing', async () => {
  const other = await bot.register({ email: 'priya@example.com' });
  await bot.database.sql`delete from users where email = 'priya.raghunathan@example.com'`;
  await bot.database
    .sql`update users set email = 'priya.raghunathan@example.com' where id = ${other.user.id}`;
  const ofAddress = seed({ DATABASE_URL: bot.databaseUrl });
  assert.equal(ofAddress.status, 1);
  assert.match(ofAddress.stderr, /another account has the address priya\.raghunathan@example\.com/);
  await bot.database.sql`delete from organizations where slug = 'harbour-logistics'`;
  await bot.database
    .sql`update organizations set slug = 'harbour-logistics' where id = ${other.organization.id}`;
  const ofSlug = seed({ DATABASE_URL: bot.databaseUrl });
  assert.equal(ofSlug.status, 1);
  assert.match(ofSlug.stderr, /another organization is called harbour-logistics/);
  const [{ members } = { members: '' }] = await bot.database.sql<{ members: string }>`
    select count(*) as members from memberships where organization_id = ${other.organization.id}`;
  assert.equal(members, '1');
});

test('seed refuses production', () => {
  const { status, stderr } = seed({ DATABASE_URL: bot.databaseUrl, NODE_ENV: 'production' });
  assert.equal(status, 1);
  assert.match(stderr, /production/);
});
