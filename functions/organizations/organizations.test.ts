import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization, readRoles, readTrail } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

interface Organization {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: string;
}

interface Listed extends Organization {
  readonly current: boolean;
}

const create = (token: string, body: object) => bot.send('POST', '/v1/organizations', { token, body });

async function list(token: string): Promise<readonly Listed[]> {
  const response = await bot.send('GET', '/v1/organizations', { token });
  return (await expectJson<{ organizations: readonly Listed[] }>(response, 200)).organizations;
}

test('whoever makes an organization is its owner, and the session stays where it was', async () => {
  const { access_token: token, organization: first } = await bot.register();
  const response = await create(token, { name: 'Bücher & Söhne' });
  const { organization } = await expectJson<{ organization: Organization }>(response, 201);
  assert.match(organization.slug, /^bucher-sohne-[0-9a-f]{10}$/);
  assert.deepEqual(await list(token), [
    { ...first, current: true },
    { ...organization, role: 'owner', current: false },
  ]);
  assert.equal(
    (await readTrail(bot, organization.id)).map(({ event }) => event).join(),
    'organization.created',
  );
});

test('each endpoint but those that lock sends one statement, and those two', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [{ access_token: token } = { access_token: '' }, member] = people;
  const memberPath = `${path}/members/${member?.user.id}`;
  const statements = async (method: string, at: string, body?: object) => {
    bot.countStatements();
    const response = await bot.send(method, at, { token, ...(body && { body }) });
    assert.ok(response.ok, `${method} ${at}: ${response.status}`);
    return bot.countStatements();
  };
  assert.equal(await statements('GET', '/v1/organizations'), 1);
  assert.equal(await statements('GET', path), 1);
  assert.equal(await statements('PATCH', path, { name: 'Another' }), 1);
  assert.equal(await statements('GET', `${path}/members`), 1);
  assert.equal(await statements('POST', '/v1/sessions/current/organization', { organization_id: id }), 1);
  assert.equal(await statements('POST', '/v1/organizations', { name: 'One more' }), 2);
  assert.equal(await statements('PATCH', memberPath, { role: 'admin' }), 2);
  assert.equal(await statements('DELETE', memberPath), 2);
});

test('a stranger finds nothing at any address of an organization, and a member without the right is refused', async () => {
  const { path, slug, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  const stranger = await bot.register();
  const requests = [
    ['PATCH', path, { name: 'Mine' }],
    ['DELETE', path, { slug }],
    ['POST', `${path}/transfer`, { user_id: member?.user.id }],
    ['PATCH', `${path}/members/${owner?.user.id}`, { role: 'member' }],
    ['DELETE', `${path}/members/${owner?.user.id}`, undefined],
  ] as const;
  const before = await readRoles(bot, path.slice(-36));
  for (const at of [path, `${path}/members`]) {
    await expectProblem(await bot.send('GET', at, { token: stranger.access_token }), 'not-found');
    await expectJson(await bot.send('GET', at, { token: member?.access_token ?? '' }), 200);
  }
  for (const [method, at, body] of requests) {
    const send = (token = '') => bot.send(method, at, { token, ...(body && { body }) });
    await expectProblem(await send(stranger.access_token), 'not-found');
    const refused = await send(member?.access_token);
    assert.match(
      refused.headers.get('www-authenticate') ?? '',
      /^Bearer error="insufficient_scope", scope="\w+:\w+"/,
    );
    await expectProblem(refused, 'permission-denied');
  }
  assert.deepEqual(await readRoles(bot, path.slice(-36)), before);
});

test('nobody is named in a body as who acts: such a field is refused, and nothing is done', async () => {
  const { path, slug, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const [owner, admin, member] = people;
  const token = member?.access_token ?? '';
  for (const field of ['user_id', 'owner_id', 'actor_id', 'as', 'caller', 'session_id']) {
    for (const [method, at, body] of [
      ['POST', '/v1/organizations', { name: 'Theirs' }],
      ['PATCH', path, { name: 'Mine' }],
      ['DELETE', path, { slug }],
      ['PATCH', `${path}/members/${admin?.user.id}`, { role: 'member' }],
      ['POST', '/v1/sessions/current/organization', { organization_id: path.slice(-36) }],
    ] as const) {
      const response = await bot.send(method, at, { token, body: { ...body, [field]: owner?.user.id } });
      const { errors } = await expectProblem(response, 'invalid-input');
      assert.deepEqual(
        errors?.map(({ pointer, code }) => [pointer, code]),
        [[`#/${field}`, 'unknown']],
      );
    }
  }
  // Where it has a meaning it is whom it happens to.
  const transfer = { token, body: { user_id: owner?.user.id } };
  await expectProblem(await bot.send('POST', `${path}/transfer`, transfer), 'permission-denied');
});

test('of twenty that claim one slug at once, in new and in renamed organizations, one gets it', async () => {
  const people = await Promise.all(Array.from({ length: 10 }, () => bot.register()));
  const body = { name: 'Wanted', slug: 'wanted' };
  const answers = await Promise.all(
    people.flatMap(({ access_token: token, organization }) => [
      create(token, body),
      bot.send('PATCH', `/v1/organizations/${organization.id}`, { token, body }),
    ]),
  );
  const won = answers.filter(({ ok }) => ok);
  assert.equal(won.length, 1);
  for (const answer of answers.filter(({ ok }) => !ok)) await expectProblem(answer, 'slug-taken');
  const rows = await bot.database.sql`select id from organizations where slug = 'wanted'`;
  assert.equal(rows.length, 1);
});

test('a slug is words of small letters and digits with single hyphens between', async () => {
  const { access_token: token, organization } = await bot.register();
  const path = `/v1/organizations/${organization.id}`;
  for (const slug of ['', 'A', 'a b', 'a.b', '-a', 'a-', 'a--b', 'ä', 'a/b', 'x'.repeat(64)]) {
    const { errors } = await expectProblem(
      await bot.send('PATCH', path, { token, body: { slug } }),
      'invalid-input',
    );
    assert.equal(errors?.[0]?.pointer, '#/slug', slug);
  }
  for (const slug of ['a', '0', 'a-b-1', 'x'.repeat(63)]) {
    const response = await bot.send('PATCH', path, { token, body: { slug } });
    const { organization: changed } = await expectJson<{ organization: Organization }>(response, 200);
    assert.deepEqual([changed.slug, changed.name], [slug, organization.name]);
  }
});

test('forty that are made at once leave their owner with twenty, and a deleted one makes room', async () => {
  const { access_token: token, user } = await bot.register();
  const answers = await Promise.all(Array.from({ length: 40 }, () => create(token, { name: 'Many' })));
  const made = await Promise.all(
    answers.filter(({ ok }) => ok).map((answer) => expectJson<{ organization: Organization }>(answer, 201)),
  );
  for (const answer of answers.filter(({ ok }) => !ok)) await expectProblem(answer, 'too-many-organizations');
  const owned = await bot.database
    .sql`select role from memberships where user_id = ${user.id} and role = 'owner'`;
  assert.equal(owned.length, 20);
  const [{ organization } = { organization: { id: '', slug: '' } }] = made;
  const body = { slug: organization.slug };
  await expectEmpty(await bot.send('DELETE', `/v1/organizations/${organization.id}`, { token, body }), 204);
  await expectJson(await create(token, { name: 'Another' }), 201);
  await expectProblem(await create(token, { name: 'One too many' }), 'too-many-organizations');
});

test('an ended session reads and changes no organization', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  const token = owner?.access_token ?? '';
  // Not by signing out, which ends the token as well, before a statement is asked.
  await bot.database
    .sql`update refresh_tokens set revoked_at = now() where user_id = ${owner?.user.id ?? ''}`;
  for (const [method, at, body] of [
    ['GET', '/v1/organizations', undefined],
    ['POST', '/v1/organizations', { name: 'Late' }],
    ['GET', path, undefined],
    ['PATCH', path, { name: 'Late' }],
    ['DELETE', path, { slug: 'any' }],
    ['GET', `${path}/members`, undefined],
    ['PATCH', `${path}/members/${member?.user.id}`, { role: 'admin' }],
    ['DELETE', `${path}/members/${member?.user.id}`, undefined],
    ['POST', `${path}/transfer`, { user_id: member?.user.id }],
    ['POST', '/v1/sessions/current/organization', { organization_id: id }],
  ] as const) {
    await expectProblem(await bot.send(method, at, { token, ...(body && { body }) }), 'session-ended');
  }
});
