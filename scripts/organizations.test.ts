/**
 * The operator's commands about organizations, as processes over a database that a Blockbot uses.
 * Long because each command is looked at from its arguments to its rows.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { startBlockbot } from '../test/support/blockbot.ts';
import { makeOrganization, readRoles } from '../test/support/organizations.ts';
import { without } from '../test/support/program.ts';
import { expectEmpty, expectJson, expectProblem } from '../test/support/responses.ts';

const bot = await startBlockbot();
const environment = { PATH: process.env['PATH'], DATABASE_URL: bot.databaseUrl, USER: 'grace' };

function organizations(
  ...args: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/organizations.ts', ...args],
      { env: environment },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

async function expectDone(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await organizations(...args);
  assert.deepEqual([code, stderr], [0, ''], stdout);
  return stdout;
}

const parse = <Document>(text: string) => JSON.parse(text) as Document;

const readActs = (organizationId: string) => bot.database.sql<Record<string, unknown>>`
  select event, actor_id, user_id, target_kind, target_id from audit_events
  where organization_id = ${organizationId} and actor_kind = 'operator' order by xact, id`;

const toAct = (event: string, id: string) => ({
  ...{ event, actorId: 'grace', userId: null, targetKind: 'organization', targetId: id },
});

/** With a member, deleted by its owner. */
async function makeDeleted() {
  const organization = await makeOrganization(bot, ['owner', 'member']);
  const [owner] = organization.people;
  assert.ok(owner);
  const { slug, path } = organization;
  await expectEmpty(await bot.send('DELETE', path, { token: owner.access_token, body: { slug } }), 204);
  return { ...organization, owner };
}

async function isThere(id: string): Promise<{ there: boolean; deleted: boolean }> {
  const [row] = await bot.database.sql<{ there: boolean; deleted: boolean }>`
    select count(*) > 0 as there, coalesce(bool_or(deleted_at is not null), false) as deleted
    from organizations where id = ${id}`;
  assert.ok(row);
  return row;
}

test('restore takes a deletion back, with the members as they were', async () => {
  const { id, slug, owner, path } = await makeDeleted();
  const roles = await readRoles(bot, id);
  assert.equal(await expectDone('restore', slug), `${slug} is restored\n`);
  assert.equal(await expectDone('restore', id), `${slug} was not deleted\n`);
  assert.deepEqual(await isThere(id), { there: true, deleted: false });
  assert.deepEqual(await readRoles(bot, id), roles);
  await expectJson(await bot.send('GET', path, { token: owner.access_token }), 200);
  assert.deepEqual(await readActs(id), [toAct('organization.restored', id)]);
});

suite('purge', () => {
  test('erases what is deleted, and sets its slug free', async () => {
    const { id, slug, people } = await makeDeleted();
    assert.match(await expectDone('purge', slug, '--yes'), new RegExp(`^${slug} is erased\n`));
    assert.deepEqual(
      [await isThere(id), await readRoles(bot, id)],
      [{ there: false, deleted: false }, new Map()],
    );
    assert.deepEqual(await readActs(id), [toAct('organization.purged', id)]);
    const token = people[0]?.access_token ?? '';
    await expectJson(
      await bot.send('POST', '/v1/organizations', { token, body: { name: 'Next', slug } }),
      201,
    );
  });

  test('erases what nobody is in, and its keys with it', async () => {
    const { id, slug, path, people } = await makeOrganization(bot, ['owner']);
    const [owner] = people;
    assert.ok(owner);
    const body = { name: 'Left behind', scopes: ['members:read'], expires_in_days: null };
    const made = await bot.send('POST', `${path}/api-keys`, { token: owner.access_token, body });
    const { key } = await expectJson<{ key: string }>(made, 201);
    await bot.database.sql`delete from memberships where organization_id = ${id}`;
    await expectDone('purge', slug, '--yes');
    assert.deepEqual(
      [await isThere(id), await readActs(id)],
      [{ there: false, deleted: false }, [toAct('organization.purged', id)]],
    );
    const used = await bot.send('GET', '/v1/me/api-key', { headers: { Authorization: `Bearer ${key}` } });
    await expectProblem(used, 'api-key-invalid');
  });

  test('erases nothing that is not deleted and that somebody is in', async () => {
    const { id, slug } = await makeOrganization(bot, ['owner']);
    const { code, stderr } = await organizations('purge', slug, '--yes');
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^organizations: ${slug} is not deleted`));
    assert.deepEqual([await isThere(id), await readActs(id)], [{ there: true, deleted: false }, []]);
  });

  test('refuses without a terminal and without --yes', async () => {
    const { id, slug } = await makeDeleted();
    const { code, stderr } = await organizations('purge', slug);
    assert.equal(code, 2);
    assert.match(stderr, /--yes/);
    assert.deepEqual(await isThere(id), { there: true, deleted: true });
  });

  const skip = without('no util-linux for a terminal', 'script', '--version');
  test('on a terminal wants the slug typed', { skip }, async () => {
    const { id, slug } = await makeDeleted();
    const type = (answer: string) =>
      spawnSync(
        'script',
        ['-qec', `${process.execPath} --import tsx scripts/organizations.ts purge ${id}`, '/dev/null'],
        { encoding: 'utf8', input: `${answer}\n`, env: environment },
      ).status;
    assert.equal(type('another-slug'), 1);
    assert.deepEqual(await isThere(id), { there: true, deleted: true });
    assert.equal(type(slug), 0);
    assert.equal((await isThere(id)).there, false);
  });
});

test('set-plan puts an organization on a plan, once, and on none that there is not', async () => {
  const { id, slug } = await makeOrganization(bot, ['owner']);
  assert.equal(await expectDone('set-plan', slug, 'large'), `${slug} is on the plan large\n`);
  assert.equal(await expectDone('set-plan', id, 'large'), `${slug} was on the plan large before\n`);
  assert.deepEqual(await bot.database.sql`select plan from organizations where id = ${id}`, [
    { plan: 'large' },
  ]);
  const acts = (await readActs(id)).map(({ event, actorId }) => [event, actorId]);
  assert.deepEqual(acts, [['organization.plan_changed', 'grace']]);
  assert.deepEqual((await organizations('set-plan', slug, 'huge')).code, 2);
});

suite('set-owner', () => {
  test('makes a member an owner beside the others, once', async () => {
    const { id, slug, people } = await makeOrganization(bot, ['owner', 'member']);
    const [owner, member] = people;
    assert.ok(owner && member);
    const told = await expectDone('set-owner', slug, member.email);
    assert.match(
      told,
      new RegExp(`^${member.email} is an owner of ${slug}\nAccess tokens .*: no Redis is named here`),
    );
    assert.match(await expectDone('set-owner', id, member.user.id), / was an owner of .* before\n/);
    const roles = await readRoles(bot, id);
    assert.deepEqual([roles.get(owner.user.id), roles.get(member.user.id)], ['owner', 'owner']);
    assert.deepEqual(await readActs(id), [
      {
        ...{ event: 'member.role_changed', actorId: 'grace', userId: member.user.id },
        ...{ targetKind: 'user', targetId: member.user.id },
      },
    ]);
  });

  test('lets the owner of before be deleted', async () => {
    const { slug, people } = await makeOrganization(bot, ['owner', 'member']);
    const [owner, member] = people;
    assert.ok(owner && member);
    const leave = () =>
      bot.send('DELETE', '/v1/me', { token: owner.access_token, body: { password: owner.password } });
    assert.equal((await leave()).status, 409);
    await expectDone('set-owner', slug, member.email);
    await expectEmpty(await leave(), 204);
  });

  test('refuses who is no member, who is disabled, and what is deleted', async () => {
    const { id, slug, people } = await makeOrganization(bot, ['owner', 'member']);
    const [, member] = people;
    const [stranger, deleted] = [await bot.register(), await makeDeleted()];
    assert.ok(member);
    const refuse = async (reference: string, email: string, reason: RegExp) => {
      const { code, stderr } = await organizations('set-owner', reference, email);
      assert.equal(code, 1, stderr);
      assert.match(stderr, reason);
    };
    await refuse(slug, stranger.email, /is no member of/);
    await bot.database.sql`
      update users set disabled_at = now(), disabled_reason = 'abuse' where id = ${member.user.id}`;
    await refuse(slug, member.email, /is disabled/);
    await refuse(deleted.slug, deleted.owner.email, /is deleted/);
    const roles = await readRoles(bot, id);
    assert.deepEqual([roles.get(member.user.id), roles.size], ['member', 2]);
    assert.deepEqual(await readActs(id), []);
  });
});

test('find takes a part of a name or slug as it is, or an id, and knows those that are deleted', async () => {
  const { access_token: token } = await bot.register();
  const make = async (name: string) =>
    (
      await expectJson<{ organization: { id: string; slug: string } }>(
        await bot.send('POST', '/v1/organizations', { token, body: { name } }),
        201,
      )
    ).organization;
  const literal = await make('Fifty_Percent %');
  await make('FiftyXPercent x');
  const deleted = await makeDeleted();
  interface Found {
    readonly organizations: readonly { id: string; members: number; deleted_at: string | null }[];
    readonly more: boolean;
  }
  const find = async (text: string) => parse<Found>(await expectDone('find', text, '--json'));
  assert.deepEqual(
    (await find('fifty_percent')).organizations.map(({ id }) => id),
    [literal.id],
  );
  assert.deepEqual(
    (await find('%')).organizations.map(({ id }) => id),
    [literal.id],
  );
  assert.deepEqual(
    (await find(literal.slug)).organizations.map(({ members }) => members),
    [1],
  );
  const [gone] = (await find(deleted.id)).organizations;
  assert.deepEqual([gone?.members, typeof gone?.deleted_at], [2, 'string']);
  await bot.database.sql`
    insert into organizations (id, name, slug)
    select gen_random_uuid(), 'Many', 'many-of-them-' || lpad(nth::text, 2, '0') from generate_series(1, 51) as nth`;
  const many = await find('many-of-them');
  assert.deepEqual([many.organizations.length, many.more], [50, true]);
  assert.equal((await organizations('find', 'no-such-thing')).code, 3);
});

test('show tells of plan, members, invitations, join link and the trail, and no secret', async () => {
  const { id, slug, people } = await makeOrganization(bot, ['owner', 'member', 'admin']);
  const [owner, member, admin] = people;
  assert.ok(owner && member && admin);
  await bot.database.sql`
    insert into invitations (id, organization_id, email, role, invited_by, token_hash, expires_at)
    values (gen_random_uuid(), ${id}, 'invited@example.com', 'admin', ${owner.user.id}, 'hash of a token'::bytea,
      now() + interval '7 days')`;
  await bot.database.sql`
    insert into join_links (id, organization_id, token_hash, domain, maximum_uses, expires_at)
    values (gen_random_uuid(), ${id}, 'hash of a link'::bytea, 'example.com', 5, now() + interval '7 days')`;
  await bot.database.sql`
    update users set disabled_at = now(), disabled_reason = 'abuse' where id = ${member.user.id}`;
  await expectDone('set-owner', slug, admin.email);
  await expectDone('set-plan', slug, 'large');
  const text = await expectDone('show', id, '--json');
  const { organization, ...shown } = parse<
    { organization: { plan: string } } & Record<string, readonly Record<string, unknown>[]>
  >(text);
  assert.equal(organization.plan, 'large');
  assert.deepEqual(
    shown['members']?.map((one) => [one['email'], one['role'], one['disabled_at'] === null]),
    [
      [owner.email, 'owner', true],
      [admin.email, 'owner', true],
      [member.email, 'member', false],
    ],
  );
  assert.deepEqual(
    shown['invitations']?.map(({ email, role }) => [email, role]),
    [['invited@example.com', 'admin']],
  );
  assert.deepEqual(
    shown['join_links']?.map((one) => [one['domain'], one['maximum_uses']]),
    [['example.com', 5]],
  );
  assert.deepEqual(shown['audit_events']?.[0]?.['actor_id'], 'grace');
  const human = await expectDone('show', slug);
  assert.match(human, /^plan +large$/m);
  for (const part of [id, 'invited@example.com', '0 of 5', 'disabled', 'operator grace']) {
    assert.ok(human.includes(part), `${part}\n${human}`);
  }
  assert.doesNotMatch(text + human, /hash/);
});

test('every subcommand has its usage, names a wrong argument and knows what is not there', async () => {
  const needed: Readonly<Record<string, readonly string[]>> = {
    ...{
      find: [],
      show: [],
      restore: [],
      purge: ['--yes'],
      'set-owner': ['nobody@nowhere.example'],
      'set-plan': ['large'],
    },
  };
  const looks = Object.entries(needed).map(async ([name, rest]) => {
    const help = await organizations(name, '--help');
    assert.equal(help.code, 0);
    assert.match(
      help.stdout,
      new RegExp(`^Usage: npm run -s organizations -- ${name} [^]*\n\nExit codes: [^]*3 [^]*\\.\n$`),
    );
    const wrong = await organizations(name, 'something', '--bogus');
    assert.deepEqual([wrong.code, wrong.stderr.split('\n')[0]], [2, "Unknown option '--bogus'"]);
    assert.equal((await organizations(name, 'no-such-organization', ...rest)).code, 3, name);
    assert.match((await organizations(name)).stderr, /^(?:ORGANIZATION|TEXT) is missing\n/);
  });
  await Promise.all(looks);
  assert.match(
    (await organizations('drop')).stderr,
    /^'drop' is none of: find, show, restore, purge, set-owner, set-plan\n/,
  );
});
