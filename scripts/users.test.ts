/**
 * The operator's commands about people, as processes over a database that a Blockbot uses: what rows and events they leave.
 * Long because each command is looked at from its arguments to its rows.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { startBlockbot } from '../test/support/blockbot.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { lastEmail } from '../test/support/mailed.ts';
import { makeOrganization } from '../test/support/organizations.ts';
import { without } from '../test/support/program.ts';
import { expectJson, expectProblem } from '../test/support/responses.ts';

const bot = await startBlockbot();
const post = (path: string, body: object) => bot.send('POST', path, { body });

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = { PATH: process.env['PATH'], DATABASE_URL: bot.databaseUrl, USER: 'grace' };

function users(args: readonly string[], env: NodeJS.ProcessEnv = environment): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/users.ts', ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

async function expectDone(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await users(args);
  assert.deepEqual([code, stderr], [0, ''], stdout);
  return stdout;
}

const parse = <Document>(text: string) => JSON.parse(text) as Document;

interface Event {
  readonly event: string;
  readonly actorId: string | null;
  readonly targetKind: string | null;
  readonly targetId: string | null;
  readonly organizationId: string | null;
}

/** What operators did to the person, oldest first. */
const readActs = (userId: string) => bot.database.sql<Event>`
  select event, actor_id, target_kind, target_id, organization_id from audit_events
  where user_id = ${userId} and actor_kind = 'operator' order by xact, id`;

function toAct(event: string, userId: string, actorId = 'grace') {
  return { event, actorId, targetKind: 'user', targetId: userId, organizationId: null };
}

interface Row {
  readonly disabledReason: string | null;
  readonly isDisabled: boolean;
  readonly isVerified: boolean;
  readonly passwordHash: string | null;
  readonly live: number;
  readonly unrevoked: number;
  readonly pending: number;
  readonly deviceTokensSince: Date;
}

async function readRow(userId: string): Promise<Row> {
  const [row] = await bot.database.sql<Row>`
    select disabled_reason, disabled_at is not null as is_disabled, email_verified_at is not null as is_verified,
      password_hash, device_tokens_since,
      (select count(*)::int from live_sessions where user_id = users.id) as live,
      (select count(*)::int from refresh_tokens where user_id = users.id and revoked_at is null) as unrevoked,
      (select count(*)::int from magic_links
        where (user_id = users.id or magic_links.email = users.email) and used_at is null and expires_at > now()) as pending
    from users where id = ${userId}`;
  assert.ok(row);
  return row;
}

/** With a second session and an email that signs in. */
async function registerBusy() {
  const account = await bot.register();
  const { email, password } = account;
  await expectJson(await post('/v1/auth/login', { email, password }), 200);
  await expectJson(await post('/v1/auth/magic-link', { email }), 202);
  return {
    ...account,
    mailed: await lastEmail(bot, email, 'sign-in'),
    before: await readRow(account.user.id),
  };
}

test('disable ends sessions, mailed links and trust in devices, says why, and is written down once', async () => {
  const { email, password, access_token: token, refresh_token, user, mailed, before } = await registerBusy();
  assert.deepEqual([before.live, before.pending], [2, 2]);
  const answer = await expectDone('disable', email.toUpperCase(), '--reason', 'abuse', '--json');
  const document = parse<Record<string, unknown>>(answer);
  assert.deepEqual(
    [document['user'], document['changed'], document['ended_sessions']],
    [{ id: user.id, email }, true, 2],
  );
  const { deviceTokensSince, ...row } = await readRow(user.id);
  assert.deepEqual(row, {
    ...{ disabledReason: 'abuse', isDisabled: true, live: 0, unrevoked: 0, pending: 0 },
    ...{ isVerified: false, passwordHash: before.passwordHash },
  });
  assert.ok(deviceTokensSince > before.deviceTokensSince);
  assert.match(await expectDone('disable', user.id, '--reason', 'abuse'), /was disabled before \(abuse\)/);
  assert.deepEqual(await readActs(user.id), [toAct('account.disabled', user.id)]);
  await expectProblem(await bot.send('GET', '/v1/me', { token }), 'session-ended');
  await expectProblem(await post('/v1/auth/refresh', { refresh_token }), 'refresh-token-invalid');
  await expectProblem(await post('/v1/auth/login', { email, password }), 'account-disabled');
  await expectProblem(
    await post('/v1/auth/magic-link/verify', { token: mailed.token }),
    'verification-expired',
  );
});

test('another reason is taken over, and who was disabled longer stays so', async () => {
  const { email, user } = await bot.register();
  const readSince = () => bot.database.sql`select disabled_at from users where id = ${user.id}`;
  await expectDone('disable', email, '--reason', 'request');
  const since = await readSince();
  await expectDone('disable', email, '--reason', 'security');
  assert.deepEqual(await readSince(), since);
  assert.equal((await readRow(user.id)).disabledReason, 'security');
});

test('enable lets the person sign in again, and brings no session back', async () => {
  const { email, password, refresh_token, user } = await bot.register();
  await expectDone('disable', email, '--reason', 'request');
  assert.equal(await expectDone('enable', email, '--as', 'Ada Lovelace'), `${email} is enabled\n`);
  assert.equal(await expectDone('enable', email), `${email} was not disabled\n`);
  const row = await readRow(user.id);
  assert.deepEqual([row.isDisabled, row.disabledReason, row.live], [false, null, 0]);
  await expectProblem(await post('/v1/auth/refresh', { refresh_token }), 'refresh-token-invalid');
  await expectJson(await post('/v1/auth/login', { email, password }), 200);
  assert.deepEqual(await readActs(user.id), [
    toAct('account.disabled', user.id),
    toAct('account.enabled', user.id, 'Ada Lovelace'),
  ]);
});

test('end-sessions signs out everywhere, and the person signs in again', async () => {
  const { email, password, user, mailed, before } = await registerBusy();
  const other = await bot.register();
  assert.match(await expectDone('end-sessions', email), / is signed out everywhere; 2 sessions ended\n/);
  const row = await readRow(user.id);
  assert.deepEqual([row.live, row.pending, row.isDisabled], [0, 0, false]);
  assert.ok(row.deviceTokensSince > before.deviceTokensSince);
  assert.deepEqual(await readActs(user.id), [toAct('session.all_revoked', user.id)]);
  await expectProblem(
    await post('/v1/auth/magic-link/verify', { token: mailed.token }),
    'verification-expired',
  );
  await expectJson(await post('/v1/auth/login', { email, password }), 200);
  assert.equal((await readRow(other.user.id)).live, 1);
});

test('verify marks the address as proven, once, and leaves password and sessions', async () => {
  const { email, user } = await bot.register();
  const before = await readRow(user.id);
  assert.equal(await expectDone('verify', email), `${email} is verified\n`);
  assert.equal(await expectDone('verify', email), `${email} was verified before\n`);
  const row = await readRow(user.id);
  assert.deepEqual([row.isVerified, row.passwordHash, row.live], [true, before.passwordHash, 1]);
  assert.deepEqual(await readActs(user.id), [toAct('email.verified', user.id)]);
});

suite('delete', () => {
  test('takes the account and the organization that nobody else is in, and leaves the trail', async () => {
    const { email, user, organization } = await bot.register();
    assert.match(await expectDone('delete', email, '--yes'), / is deleted\n/);
    const left = await bot.database.sql<{ rows: number }>`
      select (select count(*) from users where id = ${user.id})::int
        + (select count(*) from refresh_tokens where user_id = ${user.id})::int
        + (select count(*) from organizations where id = ${organization.id})::int as rows`;
    assert.deepEqual(left, [{ rows: 0 }]);
    assert.deepEqual(await readActs(user.id), [toAct('account.deleted', user.id)]);
    assert.equal((await users(['delete', email, '--yes'])).code, 3);
  });

  test('ends the links that wait in the mailbox, which would open another account', async () => {
    const { email, user } = await bot.register();
    await bot.database.sql`update users set email_verified_at = now() where id = ${user.id}`;
    await post('/v1/auth/magic-link', { email });
    const { token } = await lastEmail(bot, email, 'sign-in');
    await expectDone('delete', email, '--yes');
    await expectProblem(await post('/v1/auth/magic-link/verify', { token }), 'verification-expired');
  });

  test('refuses the only owner of an organization with members, names it, and changes nothing', async () => {
    const { slug, people } = await makeOrganization(bot, ['owner', 'member']);
    const [owner] = people;
    assert.ok(owner);
    const { code, stderr, stdout } = await users(['delete', owner.email, '--yes']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, new RegExp(`only owner of ${slug}, .*organizations -- set-owner`));
    assert.equal((await readRow(owner.user.id)).live, 1);
    assert.deepEqual(await readActs(owner.user.id), []);
  });

  test('refuses without a terminal and without --yes', async () => {
    const { email, user } = await bot.register();
    const { code, stderr } = await users(['delete', email]);
    assert.equal(code, 2);
    assert.match(stderr, /--yes/);
    assert.equal((await readRow(user.id)).live, 1);
  });

  const skip = without('no util-linux for a terminal', 'script', '--version');
  test('on a terminal wants the address typed, and anything else changes nothing', { skip }, async () => {
    const { email, user } = await bot.register();
    const type = (answer: string) =>
      spawnSync(
        'script',
        ['-qec', `${process.execPath} --import tsx scripts/users.ts delete ${email}`, '/dev/null'],
        { encoding: 'utf8', input: `${answer}\n`, env: environment },
      );
    const wrong = type('somebody@else.example');
    assert.equal(wrong.status, 1, wrong.stdout);
    assert.match(wrong.stdout, /nothing was changed/);
    assert.equal((await readRow(user.id)).live, 1);
    const right = type(email);
    assert.equal(right.status, 0, right.stdout);
    assert.deepEqual(await readActs(user.id), [toAct('account.deleted', user.id)]);
  });
});

test('export writes what the person would get, for nobody else to read, and over no file', async () => {
  const { email, access_token: token, user } = await bot.register({ name: 'Ada Lovelace' });
  const own = await bot.send('GET', '/v1/me/export', { token });
  const expected = await expectJson<Record<string, unknown>>(own, 200);
  const toComparable = (text: string) => ({ ...parse<Record<string, unknown>>(text), exported_at: '' });
  assert.deepEqual(toComparable(await expectDone('export', email)), { ...expected, exported_at: '' });
  assert.deepEqual(await readActs(user.id), [toAct('account.exported', user.id)]);
  const file = join(await makeTemporaryFolder(), 'ada.json');
  assert.equal(await expectDone('export', email, '--out', file), '');
  assert.equal((statSync(file).mode & 0o777).toString(8), '600');
  assert.equal(parse<{ user: { id: string } }>(readFileSync(file, 'utf8')).user.id, user.id);
  writeFileSync(file, 'mine');
  assert.equal((await users(['export', email, '--out', file])).code, 1);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

suite('find', () => {
  interface Found {
    readonly users: readonly { readonly id: string; readonly email: string }[];
    readonly more: boolean;
  }
  const find = async (...args: readonly string[]) =>
    parse<Found>(await expectDone('find', ...args, '--json'));

  test('takes a part of an address as it is, percent signs and underscores too', async () => {
    const literal = await bot.register({ email: 'a_b%c@find.example' });
    await bot.register({ email: 'axbyc@find.example' });
    for (const part of ['A_B', 'b%c']) {
      assert.deepEqual(
        (await find(part)).users.map(({ id }) => id),
        [literal.user.id],
        part,
      );
    }
    assert.deepEqual(
      (await find('@find.example')).users.map(({ email }) => email),
      ['a_b%c@find.example', 'axbyc@find.example'],
    );
    assert.deepEqual(
      (await find(literal.user.id)).users.map(({ id }) => id),
      [literal.user.id],
    );
  });

  test('lists the members of an organization, and those alone', async () => {
    const { id, slug, people } = await makeOrganization(bot, ['owner', 'member']);
    const emails = people.map(({ email }) => email).sort();
    for (const reference of [id, slug]) {
      assert.deepEqual(
        (await find('--organization', reference)).users.map(({ email }) => email),
        emails,
      );
    }
  });

  test('shows fifty, and says that there are more', async () => {
    await bot.database.sql`
      insert into users (id, email) select gen_random_uuid(), 'many-' || lpad(nth::text, 2, '0') || '@many.example'
      from generate_series(1, 51) as nth`;
    const { users: found, more } = await find('@many.example');
    assert.deepEqual([found.length, found.at(-1)?.email, more], [50, 'many-50@many.example', true]);
    assert.match(await expectDone('find', '@many.example'), /\nand more: these are 50,/);
    assert.equal((await find('many-1')).more, false);
  });

  test('finds nobody with an exit code of its own, and wants to be told whom', async () => {
    assert.deepEqual(await users(['find', 'nobody@nowhere']), {
      ...{ code: 3, stdout: 'Nobody is found.\n', stderr: '' },
    });
    assert.equal((await users(['find'])).code, 2);
  });

  test('lets no name move the cursor', async () => {
    await bot.database.sql`
      insert into users (id, email, name) values (gen_random_uuid(), 'cursor@find.example', ${'\u001b[2J\u202eAda'})`;
    const text = await expectDone('find', 'cursor@find');
    assert.match(text, /\u{FFFD}\[2J\u{FFFD}Ada/u);
    assert.doesNotMatch(text, /[^\P{C}\n]/u);
  });
});

test('show tells of account, organizations, sessions, what waits and the trail, and no secret', async () => {
  const { email, user, organization } = await registerBusy();
  await expectDone('end-sessions', email);
  await expectJson(await post('/v1/auth/magic-link', { email }), 202);
  interface Shown {
    readonly user: Readonly<Record<string, unknown>>;
    readonly organizations: readonly { readonly id: string; readonly role: string }[];
    readonly sessions: readonly object[];
    readonly verifications: readonly { readonly purpose: string }[];
    readonly audit_events: readonly { readonly event: string; readonly actor_id: string | null }[];
  }
  const text = await expectDone('show', user.id, '--json');
  const shown = parse<Shown>(text);
  assert.equal(shown.user['email'], email);
  assert.match(String(shown.user['created_at']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(
    shown.organizations.map(({ id, role }) => [id, role]),
    [[organization.id, 'owner']],
  );
  assert.equal(shown.sessions.length, 0);
  assert.deepEqual(
    shown.verifications.map(({ purpose }) => purpose),
    ['sign-in'],
  );
  assert.deepEqual(shown.audit_events[0]?.actor_id, 'grace');
  const human = await expectDone('show', email);
  for (const part of [
    email,
    organization.id,
    'Sessions: none',
    'sign-in',
    'session.all_revoked',
    'operator grace',
  ]) {
    assert.ok(human.includes(part), `${part}\n${human}`);
  }
  assert.doesNotMatch(text + human, /hash|argon2|nonce|\$/);
});

test('who acts is named by $USER or --as, in printable characters, or nothing happens', async () => {
  const { email, user } = await bot.register();
  const nameless = { PATH: environment.PATH, DATABASE_URL: environment.DATABASE_URL };
  for (const [args, env] of [
    [[], nameless],
    [['--as', 'a\u001b[2J'], environment],
    [['--as', 'x'.repeat(65)], environment],
    [[], { ...nameless, USER: 'two\nlines' }],
  ] as const) {
    const { code, stderr } = await users(['disable', email, '--reason', 'other', ...args], env);
    assert.equal(code, 2, stderr);
  }
  assert.equal((await readRow(user.id)).isDisabled, false);
  assert.deepEqual(await readActs(user.id), []);
});

test('every subcommand has its usage, names a wrong argument and knows who is not there', async () => {
  const needed: Readonly<Record<string, readonly string[]>> = {
    ...{ show: [], enable: [], 'end-sessions': [], verify: [], export: [] },
    ...{ disable: ['--reason', 'other'], delete: ['--yes'], find: [] },
  };
  const looks = Object.entries(needed).map(async ([name, rest]) => {
    const help = await users([name, '--help']);
    assert.equal(help.code, 0);
    assert.match(
      help.stdout,
      new RegExp(`^Usage: npm run -s users -- ${name} [^]*\n\nExit codes: [^]*3 [^]*\\.\n$`),
    );
    const wrong = await users([name, 'somebody', '--bogus']);
    assert.deepEqual([wrong.code, wrong.stderr.split('\n')[0]], [2, "Unknown option '--bogus'"]);
    assert.equal((await users([name, 'nobody@nowhere.example', ...rest])).code, 3, name);
    if (name !== 'find') assert.match((await users([name])).stderr, /^USER is missing\n/);
  });
  await Promise.all(looks);
  const reason = await users(['disable', 'nobody@nowhere.example', '--reason', 'spam']);
  assert.deepEqual(
    [reason.code, reason.stderr.split('\n')[0]],
    [2, "--reason 'spam' is none of: abuse, security, request, other"],
  );
  assert.match((await users(['ban'])).stderr, /^'ban' is none of: find, show, disable,/);
});
