import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { verify } from '../../test/support/invitations.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import {
  makeOrganization,
  makeStale,
  readRoles,
  readTrail,
  setRole,
} from '../../test/support/organizations.ts';
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

test('who hands over is an admin afterwards, the other the owner, and the trail says so', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [{ access_token: token, user } = { access_token: '', user: { id: '' } }, member] = people;
  const transfer = (body: object, by = token) => bot.send('POST', `${path}/transfer`, { token: by, body });
  const to = member?.user.id ?? '';
  const stale = await makeStale(bot, token);
  await expectProblem(await transfer({ user_id: to }, stale), 'reauthentication-required');
  const { errors } = await expectProblem(await transfer({ user_id: user.id }), 'invalid-input');
  assert.equal(errors?.[0]?.pointer, '#/user_id');
  const stranger = await bot.register();
  await expectProblem(await transfer({ user_id: stranger.user.id }), 'not-found');
  await expectEmpty(await transfer({ user_id: to.toUpperCase() }), 204);
  assert.deepEqual(Object.fromEntries(await readRoles(bot, id)), { [user.id]: 'admin', [to]: 'owner' });
  await expectProblem(await transfer({ user_id: to }), 'permission-denied');
  const event = (await readTrail(bot, id)).at(-1);
  assert.deepEqual(
    [event?.event, event?.actorId, event?.targetId],
    ['organization.transferred', user.id, to],
  );
});

test('handing over is mailed to both in their languages, naming proven addresses only, and to no unproven one', async () => {
  const { path, slug, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  if (!owner || !member) throw new Error('nobody there');
  const transfer = (from: Registered, to: Registered) =>
    bot.send('POST', `${path}/transfer`, { token: from.access_token, body: { user_id: to.user.id } });
  const mailed = async ({ email }: Registered) =>
    (await bot.emails(email)).filter(({ template }) => template.startsWith('organization-'));
  await verify(bot, member);
  await bot.database.sql`update users set locale = 'de' where id = ${member.user.id}`;
  await expectProblem(await transfer(member, owner), 'permission-denied');
  await expectProblem(await transfer(owner, owner), 'invalid-input');
  await expectEmpty(await transfer(owner, member), 204);
  assert.deepEqual(await mailed(owner), []);
  const received = await lastEmail(bot, member.email, 'organization-received');
  assert.match(received.text, new RegExp(`^Organisation: ${slug}$\\n^Übergeben an: ${member.email}$`, 'm'));
  assert.ok(!received.text.includes(owner.email));
  await verify(bot, owner);
  await expectEmpty(await transfer(member, owner), 204);
  const { text } = await lastEmail(bot, owner.email, 'organization-received');
  assert.match(text, new RegExp(`^Handed over by: ${member.email}$\\n^New owner: ${owner.email}$`, 'm'));
  const told = await lastEmail(bot, member.email, 'organization-handed-over');
  assert.match(
    told.text,
    new RegExp(`^Übergeben von: ${member.email}$\\n^Übergeben an: ${owner.email}$`, 'm'),
  );
  assert.deepEqual([(await mailed(owner)).length, (await mailed(member)).length], [1, 2]);
});

test('an organization that is handed over again and again floods no mailbox, and is handed over all the same', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  if (!owner || !member) throw new Error('nobody there');
  await verify(bot, member);
  for (let nth = 0; nth < 7; nth++) {
    const response = await bot.send('POST', `${path}/transfer`, {
      token: owner.access_token,
      body: { user_id: member.user.id },
    });
    await expectEmpty(response, 204);
    assert.equal((await readRoles(bot, id)).get(member.user.id), 'owner');
    await setRole(bot, id, owner.user.id, 'owner');
  }
  const received = (await bot.emails(member.email)).filter(
    ({ template }) => template === 'organization-received',
  );
  // Registering was mailed, too.
  assert.equal(received.length, 4);
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
