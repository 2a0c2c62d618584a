/** The roles that the Postgres of the Compose and Swarm files makes, on a real server, with its own client. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import postgres from 'postgres';
import { grantAppRole } from '../../db/app-role.ts';
import { migrate } from '../../db/migrate.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { startTestPostgres } from '../support/postgres.ts';

const migrations = new URL('../../db/migrations/', import.meta.url);
const skip = spawnSync('psql', ['--version']).status === 0 ? false : 'there is no psql here';
const roles = ['owner', 'app', 'backup', 'monitor'] as const;

let server: Awaited<ReturnType<typeof startTestPostgres>>;
let script = '';

before(async () => {
  if (skip) return;
  server = await startTestPostgres({ dataDir: await makeTemporaryFolder() });
  const secrets = await makeTemporaryFolder();
  for (const role of roles)
    writeFileSync(join(secrets, `database_${role}_password`), `password of ${role}\n`);
  script = join(secrets, 'roles.sh');
  const text = readFileSync('deploy/postgres/roles.sh', 'utf8').replaceAll('/run/secrets', secrets);
  writeFileSync(script, text);
});
after(() => (skip ? undefined : server.stop()));

function runScript(): void {
  const { hostname, port, username, password, pathname } = new URL(server.url);
  const env = { PATH: process.env['PATH'], PGHOST: hostname, PGPORT: port, PGPASSWORD: password };
  const { status, stderr } = spawnSync('sh', [script], {
    env: { ...env, POSTGRES_USER: username, POSTGRES_DB: pathname.slice(1) },
    encoding: 'utf8',
  });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
}

const urlOf = (role: (typeof roles)[number]) =>
  Object.assign(new URL(server.url), { username: `blockbot_${role}`, password: `password of ${role}` }).href;

test(
  'roles.sh takes a database from its superuser, and nobody who is left can do more than its work',
  { skip },
  async () => {
    // As a deployment was before there were roles.
    await migrate(server.url, migrations);
    for (let times = 0; times < 2; times++) runScript();
    const admin = postgres(server.url, { max: 1 });
    const owner = postgres(urlOf('owner'), { max: 1, onnotice: () => undefined });
    const backup = postgres(urlOf('backup'), { max: 1 });
    try {
      const found = await admin<{ rolname: string; rolsuper: boolean }[]>`
      select rolname, rolsuper from pg_roles where rolname like 'blockbot\\_%' order by rolname`;
      assert.deepEqual(
        found.map(({ rolname, rolsuper }) => [rolname, rolsuper]),
        [...roles].sort().map((role) => [`blockbot_${role}`, false]),
      );
      const others = await admin`
      select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where nspname in ('public', 'drizzle') and pg_get_userbyid(relowner) <> 'blockbot_owner'`;
      assert.deepEqual([...others], []);
      assert.deepEqual(await migrate(urlOf('owner'), migrations), []);
      await grantAppRole(urlOf('owner'), 'blockbot_app');
      await owner`insert into audit_events (id, event) values (gen_random_uuid(), 'session.started')`;
      assert.equal((await backup`select from audit_events`).length, 1);
      await assert.rejects(backup`delete from audit_events`, { code: '42501' });
      await assert.rejects(backup`insert into users (id, email) values (gen_random_uuid(), 'a@b.example')`, {
        code: '42501',
      });
    } finally {
      await Promise.all([admin, owner, backup].map((sql) => sql.end()));
    }
  },
);

test(
  'on an empty database the owner migrates, and a dump by the backup role comes back by the owner',
  { skip },
  async (t) => {
    const admin = postgres(server.url, { max: 1 });
    await admin.unsafe('create database fresh owner blockbot_owner');
    await admin.end();
    const inFresh = (role: (typeof roles)[number]) =>
      Object.assign(new URL(urlOf(role)), { pathname: '/fresh' }).href;
    await migrate(inFresh('owner'), migrations);
    await grantAppRole(inFresh('owner'), 'blockbot_app');
    const dump = spawnSync('pg_dump', ['--format=custom', inFresh('backup')], { maxBuffer: 1e8 });
    if (/server version mismatch/.test(String(dump.stderr))) {
      t.skip('this pg_dump is older than the server');
      return;
    }
    assert.equal(dump.status, 0, String(dump.stderr));
    const restore = [
      '--no-owner',
      '--clean',
      '--if-exists',
      '--single-transaction',
      '--dbname',
      inFresh('owner'),
    ];
    const { status, stderr } = spawnSync('pg_restore', restore, { input: dump.stdout, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const app = postgres(inFresh('app'), { max: 1 });
    try {
      assert.equal((await app`select from users`).length, 0);
      await assert.rejects(app`delete from audit_events`, { code: '42501' });
    } finally {
      await app.end();
    }
  },
);
