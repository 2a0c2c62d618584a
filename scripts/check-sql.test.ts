/** What `check:sql` tells. Long because all cases share one Postgres, whose start is what costs time. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { migrate } from '../db/migrate.ts';
import { auditEventNames, formerAuditEventNames } from '../db/audit-event-names.ts';
import * as ownSchema from '../db/schema.ts';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { checkProject } from './check-sql/project.ts';
import { findUnmigrated } from './check-sql/tables.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const migrations = new URL('../db/migrations/', import.meta.url);
// The command's own: the trees of older servers don't say which joins a column may be null by.
const dataDir = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'blockbot-sql-'));
const server = await startEmbeddedPostgres({ dataDir });
after(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});
await migrate(server.url, migrations);

const options = { target: 'es2023', lib: ['es2023'], types: [], module: 'nodenext', strict: true };

/** What the check says of a project of one file, `lib/some.ts`, whose first line is the first of the source. */
async function check(source: string, ...more: readonly string[]): Promise<readonly string[]> {
  const folder = await makeTemporaryFolder();
  await mkdir(join(folder, 'db'));
  await mkdir(join(folder, 'lib'));
  await copyFile(join(root, 'db/sql.ts'), join(folder, 'db/sql.ts'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = { ...options, noEmit: true, allowImportingTsExtensions: true };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const head = `import { fragment, type Database, type Sql, type SqlFragment } from '../db/sql.ts'; declare const sql: Sql;`;
  await writeFile(join(folder, 'lib/some.ts'), `${head}${source}`);
  for (const [index, text] of more.entries()) await writeFile(join(folder, `lib/more-${index}.ts`), text);
  const { faults } = await checkProject({ root: folder, url: server.url });
  return faults.map(({ file, line, problem }) => `${file}:${line}: ${problem}`);
}

test('nothing is said of statements whose types are what Postgres answers', async () => {
  const faults = await check(`
    interface User { readonly id: string; readonly name: string | null; readonly createdAt: Date }
    export async function all(database: Database, id: string, now: Date, hash: Uint8Array) {
      const users = await database.sql<User>\`select id, name, created_at from users where id = \${id} and created_at < \${now}\`;
      const [session] = await sql<{ nonceHash: Uint8Array; counter: number; amr: readonly string[]; address: string | null }>\`
        select nonce_hash, counter, amr, host(address) as address from live_sessions where nonce_hash = \${hash}\`;
      const [counted] = await sql<{ all: string; some: number; any: boolean; age: number | null }>\`
        select count(*) as all, count(*)::int as some, exists (select from users) as any,
          extract(epoch from max(now() - created_at))::float8 as age from users\`;
      await sql\`delete from users where id = \${id}\`;
      return { users, session, counted };
    }`);
  assert.deepEqual(faults, []);
});

test('a column that is not there is told at each line that names it', async () => {
  const faults = await check(`
    await sql<{ id: string }>\`
      select users.id from users
      where verified_at is not null
        and users.verified_at < now()
      order by verified_at\`;`);
  assert.deepEqual(faults, [
    'lib/some.ts:4: column "verified_at" does not exist',
    'lib/some.ts:5: column "verified_at" does not exist (named here as well)',
    'lib/some.ts:6: column "verified_at" does not exist (named here as well)',
  ]);
});

test('a misspelt alias is told, and what it may have been', async () => {
  const faults = await check(`
    await sql<{ id: string; hasPassword: boolean }>\`select id, password_hash is not null as has_pasword from users\`;`);
  assert.deepEqual(faults, [
    'lib/some.ts:2: the row type has no hasPasword',
    'lib/some.ts:2: the statement answers no hasPassword, but id, hasPasword',
  ]);
});

test('what an outer join, a view, an aggregate or an empty table may leave null, the type has to admit', async () => {
  const nothing = 'can be null; the row type has string';
  const faults = await check(`
    await sql<{ id: string; role: string }>\`select users.id, role from users left join memberships on user_id = users.id\`;
    await sql<{ organizationId: string }>\`select organization_id from live_sessions\`;
    await sql<{ last: string }>\`select max(email) as last from users\`;
    await sql<{ slug: string }>\`select (select slug from organizations limit 1) as slug\`;
    await sql<{ name: string }>\`with named as (update users set name = null returning name) select name from named\`;
    await sql<{ text: string }>\`select case when id is null then email end as text from users\`;
    await sql<{ id: string }>\`select id from users union all select organization_id from live_sessions\`;`);
  assert.deepEqual(faults, [
    `lib/some.ts:2: role ${nothing}`,
    `lib/some.ts:3: organizationId ${nothing}`,
    `lib/some.ts:4: last ${nothing}`,
    `lib/some.ts:5: slug ${nothing}`,
    `lib/some.ts:6: name ${nothing}`,
    `lib/some.ts:7: text ${nothing}`,
    `lib/some.ts:8: id ${nothing}`,
  ]);
});

test('what a condition, a default or the write itself keeps from being null, the type need not admit', async () => {
  const faults = await check(`
    await sql<{ name: string; at: Date }>\`
      select name, email_verified_at as at from users where name is not null and email_verified_at < now()\`;
    await sql<{ role: string }>\`
      select role from users left join memberships on user_id = users.id where memberships.role = 'owner'\`;
    await sql<{ name: string }>\`select coalesce(name, email) as name from users\`;
    await sql<{ lastError: string }>\`update outbox set last_error = coalesce(last_error, 'late') returning last_error\`;
    await sql<{ sentAt: Date; id: string }>\`
      with sent as (update outbox set sent_at = now() returning id, sent_at) select * from sent\`;
    await sql<{ role: string; members: string }>\`select role, count(*) as members from memberships group by role\`;`);
  assert.deepEqual(faults, []);
});

test('another type than the driver makes of a column is told', async () => {
  const faults = await check(`
    await sql<{ id: number; all: number }>\`select id, count(*) over () as all from users\`;
    await sql<{ createdAt: string; name?: string | null }>\`select created_at, name from users\`;`);
  assert.deepEqual(faults, [
    'lib/some.ts:2: all is bigint, which arrives as string; the row type has number',
    'lib/some.ts:2: id is uuid, which arrives as string; the row type has number',
    'lib/some.ts:3: createdAt is timestamp with time zone, which arrives as Date; the row type has string',
    'lib/some.ts:3: name is never undefined; the row type has string | null | undefined',
  ]);
});

test('some texts only are as many as the check constraint lets in', async () => {
  const faults = await check(`
    type Role = 'owner' | 'admin' | 'member';
    await sql<{ role: Role }>\`select role from memberships\`;
    await sql<{ role: Role | null }>\`select m.role from users left join memberships as m on m.user_id = users.id\`;
    await sql<{ role: string }>\`select role from memberships\`;
    await sql<{ role: 'owner' | 'admin' }>\`select role from memberships\`;
    await sql<{ role: Role | 'guest' }>\`select role from memberships\`;
    await sql<{ email: Role }>\`select email from users\`;
    await sql<{ state: 'new' | 'old' }>\`select case when created_at > now() then 'new' else 'old' end as state from users\`;`);
  assert.deepEqual(faults, [
    'lib/some.ts:6: role is one of admin | member | owner; the row type has admin | owner',
    'lib/some.ts:7: role is one of admin | member | owner; the row type has admin | guest | member | owner',
    'lib/some.ts:8: nothing in the schema keeps email to admin | member | owner',
  ]);
});

test('what is written is held against the check constraint and against not null', async () => {
  const faults = await check(`
    export async function write(id: string, role: string, known: 'admin' | 'member', name: string | null) {
      await sql\`update memberships set role = \${known} where user_id = \${id}\`;
      await sql\`
        update memberships set role =
          \${role}\`;
      await sql\`insert into audit_events (id, event) select id, 'session.startd' from users where id = \${id}\`;
      await sql\`update organizations set name = \${name}\`;
    }`);
  assert.deepEqual(faults, [
    'lib/some.ts:6: memberships.role is one of admin | member | owner, and any text may be written to it',
    `lib/some.ts:7: audit_events.event is one of ${events}, and not session.startd`,
    'lib/some.ts:8: organizations.name is never null, and null may be written to it',
  ]);
});

const events = [...auditEventNames, ...formerAuditEventNames].toSorted().join(' | ');

test('a parameter of another type than its place takes is told at its line', async () => {
  const faults = await check(`
    export async function find(id: number, at: string, name?: string) {
      await sql\`
        select from users
        where id = \${id}
          and created_at < \${at}
          and name = \${name}\`;
    }`);
  assert.deepEqual(faults, [
    'lib/some.ts:5: the parameter is uuid, which takes string; it gets number',
    'lib/some.ts:6: the parameter is timestamp with time zone, which takes Date; it gets string',
    'lib/some.ts:7: the parameter is text, which takes string; it gets string | undefined',
  ]);
});

test('rows that are used have a type, and a statement without rows has no result to use', async () => {
  const faults = await check(`
    export const rows = await sql\`select id from users\`;
    export const none = await sql\`delete from users\`;
    await sql<{ id: string }>\`delete from users\`;
    await sql\`select id from users\`;`);
  assert.deepEqual(faults, [
    'lib/some.ts:2: the rows are used, and the statement does not say their type',
    'lib/some.ts:3: the result is used, and the statement answers no rows',
    'lib/some.ts:4: the statement answers no id',
  ]);
});

test('a fragment is read where it stands, from a constant, and from a function of another file', async () => {
  const faults = await check(
    `
    import { audit } from './more-0.ts';
    const live = fragment\`revoked_at is null
      and no_such_column > now()\`;
    export async function end(id: string) {
      await sql\`select from refresh_tokens where id = \${id} and \${live}\`;
      await sql\`
        with ended as (
          update refresh_tokens set revoked_at = now() where id = \${id} returning id, user_id
        ) \${audit('session.revoked', fragment\`select user_id from ended\`)}\`;
      await sql\`
        with ended as (select)
        \${audit('session.ended', fragment\`
          select who from ended\`)}\`;
      await sql\`\${audit('session.lost', fragment\`select id as user_id from users\`)}\`;
    }`,
    `import { fragment, type SqlFragment } from '../db/sql.ts';
    export function audit(event: string, subject: SqlFragment): SqlFragment {
      return fragment\`
        insert into audit_events (id, event, user_id)
        select gen_random_uuid(), \${event}, subject.user_id from (\${subject}) as subject\`;
    }`,
  );
  assert.deepEqual(faults, [
    `lib/more-0.ts:5: audit_events.event is one of ${events}, and not session.lost`,
    'lib/some.ts:4: column "no_such_column" does not exist',
    'lib/some.ts:14: column "who" does not exist',
  ]);
});

test('every fragment that may be chosen is tried, by whoever calls', async () => {
  const faults = await check(`
    async function list(newest: boolean, where: SqlFragment) {
      await sql\`select from users
        where \${where}
        order by \${newest ? fragment\`created_at desc\` : fragment\`made_at\`}\`;
    }
    export const one = () => list(true, fragment\`id is not null\`);
    export const other = () => list(false, fragment\`idd is not null\`);`);
  assert.deepEqual(faults, [
    'lib/some.ts:5: column "made_at" does not exist',
    'lib/some.ts:8: column "idd" does not exist',
  ]);
});

test('a fragment that nobody can read, or that no statement takes in, is told', async () => {
  const faults = await check(`
    declare const parts: readonly SqlFragment[];
    export const lost = fragment\`select nothing from nowhere\`;
    export async function list(part: SqlFragment = parts[0] as SqlFragment) { await sql\`select from users \${part}\`; }
    await list();
    export const never = (part: SqlFragment) => sql\`select \${part}\`;`);
  assert.deepEqual(faults, [
    'lib/some.ts:3: no statement takes this fragment in',
    "lib/some.ts:4: the fragment parts[0] as SqlFragment can't be followed to its template",
    'lib/some.ts:6: nobody gives this statement its fragment',
  ]);
});

test('a column that db/schema.ts renames is told at every line of the sources that has its old name', async (t) => {
  const folder = await makeTemporaryFolder();
  const text = await readFile(join(root, 'db/schema.ts'), 'utf8');
  await writeFile(
    join(folder, 'schema.ts'),
    text.replace("instant('email_verified_at')", "instant('verified_at')"),
  );
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const file of ['audit-event-names.ts', 'languages.ts', 'plans.ts', 'roles.ts']) {
    await copyFile(join(root, 'db', file), join(folder, file));
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const schema = (await import(pathToFileURL(join(folder, 'schema.ts')).href)) as Record<string, unknown>;
  const unmigrated = await findUnmigrated(schema, migrations);
  const url = await openDatabase(t);

  const { faults } = await checkProject({ root, url, unmigrated });

  assert.deepEqual(
    faults.filter(({ file }) => file === 'db/schema.ts').map(({ problem }) => problem),
    ['the migrations make other tables: npm run db:generate -- --name what-changes'],
  );
  const places = new Set(faults.map(({ file, line }) => `${file}:${line}`));
  places.delete('db/schema.ts:1');
  const named = new Set<string>();
  // The page of the API is made of the wire's names, on one line.
  const written = (await listSources()).filter((file) => file !== 'lib/pages/reference.ts');
  for (const file of written) {
    const lines = (await readFile(join(root, file), 'utf8')).split('\n');
    for (const [index, text] of lines.entries()) {
      // As a key of an object it's a name of the wire.
      if (/\bemail_verified_at\b(?!:)/.test(text)) named.add(`${file}:${index + 1}`);
    }
  }
  assert.ok(named.size > 10, `only ${named.size} lines name it`);
  assert.deepEqual([...places].sort(), [...named].sort());
});

/** One beside those of the other tests, which keep their tables. */
async function openDatabase(t: TestContext): Promise<string> {
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
  t.after(() => sql.end());
  await sql`create database renamed`;
  const url = new URL(server.url);
  url.pathname = '/renamed';
  await migrate(url.href, migrations);
  return url.href;
}

test('the migrations make the tables that db/schema.ts says', async () => {
  assert.equal(await findUnmigrated({ ...ownSchema }, migrations), undefined);
});

/** Text that is sent as it is, without the tag that the check looks for: it calls functions of one session. */
const unchecked = new Set(['bench/scale/fill.ts']);

async function listSources(): Promise<readonly string[]> {
  const folders = ['lib', 'functions', 'hosts', 'scripts', 'db', 'bench'];
  const names = await Promise.all(folders.map((folder) => readdir(join(root, folder), { recursive: true })));
  return folders
    .flatMap((folder, index) => (names[index] ?? []).map((name) => join(folder, name)))
    .filter((name) => /(?<!\.test)\.ts$/.test(name) && name !== 'db/schema.ts' && !unchecked.has(name));
}
