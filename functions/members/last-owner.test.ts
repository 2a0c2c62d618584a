/** An organization never loses its last owner, whatever its owners do at the same moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot, type Registered } from '../../test/support/blockbot.ts';
import { holdLock, untilWaiting } from '../../test/support/held-lock.ts';
import { makeOrganization, readRoles, type TestOrganization } from '../../test/support/organizations.ts';
import { expectProblem } from '../../test/support/responses.ts';
import { api as apiPolicy } from '../../lib/rate-limit/policies.ts';

const bot = await startBlockbot();
const password = 'correct horse battery staple';

type Act = (organization: TestOrganization, self: Registered, other: Registered) => Promise<Response>;

const acts: Readonly<Record<string, Act>> = {
  leave: ({ path }, self) =>
    bot.send('DELETE', `${path}/members/${self.user.id}`, { token: self.access_token }),
  'step down': ({ path }, self) =>
    bot.send('PATCH', `${path}/members/${self.user.id}`, {
      token: self.access_token,
      body: { role: 'member' },
    }),
  'demote the other': ({ path }, self, other) =>
    bot.send('PATCH', `${path}/members/${other.user.id}`, {
      token: self.access_token,
      body: { role: 'admin' },
    }),
  'remove the other': ({ path }, self, other) =>
    bot.send('DELETE', `${path}/members/${other.user.id}`, { token: self.access_token }),
  'hand over': ({ path }, self, other) =>
    bot.send('POST', `${path}/transfer`, {
      token: self.access_token,
      body: { user_id: other.user.id },
    }),
  'delete the account': (_, self) =>
    bot.send('DELETE', '/v1/me', { token: self.access_token, body: { password } }),
};

test('the last owner neither leaves nor steps down nor deletes the account', async () => {
  for (const [name, slug] of [
    ['leave', 'last-owner'],
    ['step down', 'last-owner'],
    ['delete the account', 'organization-has-members'],
  ] as const) {
    const organization = await makeOrganization(bot, ['owner', 'member']);
    const [owner, member] = organization.people;
    const act = acts[name];
    assert.ok(owner && member && act);
    await expectProblem(await act(organization, owner, member), slug);
    assert.equal((await readRoles(bot, organization.id)).get(owner.user.id), 'owner');
  }
});

for (const [one, byOne] of Object.entries(acts)) {
  for (const [another, byAnother] of Object.entries(acts)) {
    if (one > another) continue;
    test(`of two owners one is left when at once they ${one} and ${another}`, async () => {
      for (let trial = 0; trial < 5; trial++) {
        const organization = await makeOrganization(bot, ['owner', 'owner', 'member']);
        const [first, second] = organization.people;
        assert.ok(first && second);
        const answers = await Promise.all([
          byOne(organization, first, second),
          byAnother(organization, second, first),
        ]);
        assert.ok(
          answers.every(({ status }) => status < 500),
          answers.map(({ status }) => status).join(),
        );
        const owners = [...(await readRoles(bot, organization.id)).values()].filter(
          (role) => role === 'owner',
        );
        assert.ok(owners.length >= 1, 'nobody is left');
      }
    });
  }
}

test('an organization that is handed over to somebody whose account is just ending keeps an owner', async () => {
  const organization = await makeOrganization(bot, ['owner', 'admin']);
  const [owner, admin] = organization.people;
  const handOver = acts['hand over'];
  assert.ok(owner && admin && handOver);
  // The end of an account holds still, after it has looked for owners, while this lock is somebody's.
  const release = await holdLock(
    bot.database,
    (sql) => sql`select id from users where id = ${admin.user.id} for update`,
  );
  const ending = bot.send('DELETE', '/v1/me', { token: admin.access_token, body: { password } });
  await untilWaiting(bot.database, 1);
  const handingOver = handOver(organization, owner, admin);
  await Promise.race([handingOver, untilWaiting(bot.database, 2)]);
  await release();
  const statuses = [(await ending).status, (await handingOver).status];
  assert.deepEqual(statuses, [204, 422]);
  assert.deepEqual([...(await readRoles(bot, organization.id)).values()], ['owner']);
});

test('of two hundred organizations whose two owners demote each other at once, none is left without', async () => {
  const [first, second] = [await bot.register(), await bot.register()];
  const ids = await bot.database.sql<{ id: string }>`
    with made as (
      insert into organizations (id, name, slug)
      select gen_random_uuid(), 'Contested', 'contested-' || n from generate_series(1, 200) as n returning id
    ), members as (
      insert into memberships (organization_id, user_id, role)
      select made.id, users.id, 'owner' from made cross join users
      where users.id in (${first.user.id}, ${second.user.id})
    ) select id from made`;
  for (const { id } of ids) {
    const organization = { id, slug: '', path: `/v1/organizations/${id}`, people: [] };
    const demote = acts['demote the other'];
    assert.ok(demote);
    // More than the hundred a minute that each has.
    await bot.services.rateLimits.reset(apiPolicy, `user:${first.user.id}`);
    await bot.services.rateLimits.reset(apiPolicy, `user:${second.user.id}`);
    const answers = await Promise.all([
      demote(organization, first, second),
      demote(organization, second, first),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 403]);
  }
  const [{ ownerless } = { ownerless: -1 }] = await bot.database.sql<{ ownerless: number }>`
    select count(*)::int as ownerless from organizations
    where name = 'Contested' and not exists (
      select from memberships where organization_id = organizations.id and role = 'owner'
    )`;
  assert.equal(ownerless, 0);
});
