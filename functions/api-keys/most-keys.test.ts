/** How many keys there can be: of an organization, and of each person in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization } from '../../test/support/organizations.ts';

const bot = await startBlockbot();

async function prepare() {
  const { id, path, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const [owner, admin, member] = people;
  assert.ok(owner && admin && member);
  const make = async ({ access_token: token }: Registered, fields: object) => {
    const body = { name: 'A key', scopes: ['members:read'], ...fields };
    return (await bot.send('POST', `${path}/api-keys`, { token, body })).status;
  };
  /** How often which status answers. */
  const makeAtOnce = async (by: Registered, count: number, fields: object) => {
    const counts: Record<number, number> = {};
    for (const status of await Promise.all(Array.from({ length: count }, () => make(by, fields)))) {
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };
  return { id, owner, admin, member, makeAtOnce };
}

async function insertMany(organizationId: string, userId: string | null, count: number): Promise<void> {
  await bot.database.sql`
    insert into api_keys (id, organization_id, user_id, name, secret_hash, scopes)
    select gen_random_uuid(), ${organizationId}, ${userId}, 'A key', '\\x00', '{members:read}'
    from generate_series(1, ${count}::int)`;
}

test('an organization has a hundred keys at most, however many are made at once', async () => {
  const { id, admin, makeAtOnce } = await prepare();
  await insertMany(id, null, 95);
  assert.deepEqual(await makeAtOnce(admin, 20, {}), { 201: 5, 409: 15 });
});

test('a person has twenty keys in an organization at most, which take none from others or from the organization', async () => {
  const { id, owner, admin, member, makeAtOnce } = await prepare();
  for (const { user } of [admin, member]) await insertMany(id, user.id, 18);
  assert.deepEqual(await makeAtOnce(member, 10, { personal: true }), { 201: 2, 409: 8 });
  assert.deepEqual(await makeAtOnce(admin, 10, { personal: true }), { 201: 2, 409: 8 });
  await insertMany(id, null, 99);
  assert.deepEqual(await makeAtOnce(owner, 5, { personal: true }), { 201: 5 });
  assert.deepEqual(await makeAtOnce(owner, 5, {}), { 201: 1, 409: 4 });
});

test('keys that have expired or were revoked take no place', async () => {
  const { id, owner, makeAtOnce } = await prepare();
  await insertMany(id, null, 100);
  await insertMany(id, owner.user.id, 20);
  await bot.database
    .sql`update api_keys set expires_at = now() where organization_id = ${id} and user_id is null`;
  await bot.database.sql`update api_keys set revoked_at = now() where user_id = ${owner.user.id}`;
  assert.deepEqual(await makeAtOnce(owner, 1, {}), { 201: 1 });
  assert.deepEqual(await makeAtOnce(owner, 1, { personal: true }), { 201: 1 });
});
