/** API keys from their making to their end, as those see it who manage them. Long because each rule of it has a case of its own. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { makeApiKey, readOwnKey, type TestApiKey } from '../../test/support/api-keys.ts';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization, makeStale, readTrail, setRole } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

async function prepare() {
  const { id, path, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const [owner, admin, member] = people;
  assert.ok(owner && admin && member);
  const ask = (by: Registered, method: string, rest = '', body?: object) =>
    bot.send(method, `${path}/api-keys${rest}`, { token: by.access_token, body });
  const make = (by: Registered, fields?: object) => makeApiKey(bot, by, path, fields);
  return { id, path, owner, admin, member, ask, make };
}

const opens = async (key: string) => (await readOwnKey(bot, key)).status === 200;

test('a key is told once, and only its hash is at rest', async () => {
  const { admin, ask, make } = await prepare();
  const { key, api_key } = await make(admin);
  assert.match(key, /^bbk_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}$/);
  assert.ok(key.startsWith(`${api_key.start}_`));
  assert.deepEqual(api_key.limit, { requests: 1000, seconds: 60, of: 'plan' });
  assert.equal(api_key.user_id, null);
  const days = (Date.parse(api_key.expires_at ?? '') - Date.now()) / 86_400_000;
  assert.ok(days > 89.9 && days <= 90, String(days));
  const [row] = await bot.database.sql<{ secretHash: Uint8Array; text: string }>`
    select secret_hash, api_keys::text as text from api_keys where id = ${api_key.id}`;
  assert.deepEqual(row && Buffer.from(row.secretHash), createHash('sha256').update(key).digest());
  const read = await expectJson(await ask(admin, 'GET', `/${api_key.id}`), 200);
  const listed = await expectJson(await ask(admin, 'GET'), 200);
  for (const shown of [row?.text ?? '', JSON.stringify(read), JSON.stringify(listed)]) {
    assert.ok(shown.includes(api_key.id));
    assert.ok(!shown.includes(key.slice(27)), 'no secret');
  }
  assert.ok(await opens(key));
});

test('who makes a key may do all that it may, and a member only personal ones', async () => {
  const { owner, admin, member, ask, path } = await prepare();
  const wanted = { name: 'A key', scopes: ['members:read'] };
  await expectProblem(await ask(member, 'POST', '', wanted), 'permission-denied');
  await expectJson(await ask(member, 'POST', '', { ...wanted, personal: true }), 201);
  for (const [by, fields, status] of [
    [member, { personal: true, scopes: ['members:write'] }, 403],
    [member, { personal: true, limit: { requests: 5, seconds: 1 } }, 403],
    [admin, { scopes: ['members:read', 'organization:delete'] }, 403],
    [admin, { expires_in_days: null }, 403],
    [owner, { expires_in_days: null, scopes: ['organization:delete'] }, 201],
    [owner, { scopes: ['keys:read'] }, 422],
    [owner, { scopes: [] }, 422],
    [owner, { limit: { requests: 0, seconds: 1 } }, 422],
    [owner, { limit: { requests: 1, seconds: 86_401 } }, 422],
    [owner, { expires_in_days: 3651 }, 422],
  ] as const) {
    const response = await ask(by, 'POST', '', { ...wanted, ...fields });
    assert.equal(response.status, status, JSON.stringify(fields));
  }
  const stale = await makeStale(bot, owner.access_token);
  const late = await bot.send('POST', `${path}/api-keys`, { token: stale, body: wanted });
  await expectProblem(late, 'reauthentication-required');
  await expectProblem(await ask(await bot.register(), 'POST', '', wanted), 'not-found');
});

test('a personal key is seen and ended by who has keys:write, and changed by its owner alone', async () => {
  const { owner, admin, member, ask, make } = await prepare();
  const { key, api_key } = await make(member, { personal: true });
  assert.equal(api_key.user_id, member.user.id);
  await make(admin);
  const list = async (by: Registered) =>
    (await expectJson<{ api_keys: object[] }>(await ask(by, 'GET'), 200)).api_keys.length;
  assert.deepEqual([await list(admin), await list(member)], [2, 1]);
  const path = `/${api_key.id}`;
  for (const by of [owner, admin]) {
    await expectProblem(await ask(by, 'PATCH', path, { name: 'Mine' }), 'permission-denied');
    await expectProblem(await ask(by, 'POST', `${path}/rotate`, { overlap_seconds: 0 }), 'permission-denied');
  }
  const renamed = await expectJson<TestApiKey>(await ask(member, 'PATCH', path, { name: 'Mine' }), 200);
  assert.equal(renamed.api_key.name, 'Mine');
  await expectProblem(await ask(member, 'PATCH', path, { scopes: ['keys:write'] }), 'permission-denied');
  await expectProblem(await ask(member, 'PATCH', path, { limit: null }), 'permission-denied');
  assert.ok(await opens(key));
  await expectEmpty(await ask(admin, 'DELETE', path), 204);
  assert.ok(!(await opens(key)));
  await expectProblem(await ask(admin, 'DELETE', path), 'not-found');
  await expectProblem(await ask(member, 'GET', path), 'not-found');
});

test('the organization’s key is not for a member to see, nor for anybody of another organization', async () => {
  const { admin, member, ask, make } = await prepare();
  const other = await prepare();
  const { api_key } = await make(admin);
  await expectProblem(await ask(member, 'GET', `/${api_key.id}`), 'permission-denied');
  for (const method of ['GET', 'DELETE']) {
    await expectProblem(await other.ask(other.owner, method, `/${api_key.id}`), 'not-found');
  }
});

test('to read keys and their use is one statement each, which waits for nobody who changes the organization', async () => {
  const { id, path, admin, member, ask, make } = await prepare();
  const { api_key } = await make(admin);
  const { api_key: personal } = await make(member, { personal: true });
  await bot.database.transaction(async (sql) => {
    await sql`select 1 as locked from organizations where id = ${id} for no key update`;
    await sql`select 1 as locked from api_keys where organization_id = ${id} for update`;
    for (const rest of ['', `/${api_key.id}`]) {
      bot.countStatements();
      await expectJson(await ask(admin, 'GET', rest), 200);
      assert.equal(bot.countStatements(), 1, rest);
    }
    bot.countStatements();
    await expectJson(await bot.send('GET', `${path}/api-key-usage`, { token: member.access_token }), 200);
    assert.equal(bot.countStatements(), 1);
    const { api_keys } = await expectJson<{ api_keys: { id: string }[] }>(await ask(member, 'GET'), 200);
    assert.deepEqual(
      api_keys.map((key) => key.id),
      [personal.id],
    );
  });
});

test('a change holds at once', async () => {
  const { admin, ask, make } = await prepare();
  const { key, api_key } = await make(admin, { scopes: ['members:read', 'audit:read'] });
  const read = async () => {
    const response = await readOwnKey(bot, key);
    const { effective_scopes } = await expectJson<{ effective_scopes: string[] }>(response, 200);
    return [effective_scopes, response.headers.get('ratelimit-policy')];
  };
  assert.deepEqual(await read(), [
    ['members:read', 'audit:read'],
    '"key";q=1000;w=60, "organization";q=5000;w=60',
  ]);
  const change = { scopes: ['audit:read'], limit: { requests: 7, seconds: 30 } };
  const changed = await expectJson<TestApiKey>(await ask(admin, 'PATCH', `/${api_key.id}`, change), 200);
  assert.deepEqual(changed.api_key.limit, { requests: 7, seconds: 30, of: 'key' });
  assert.deepEqual((await read())[0], ['audit:read']);
  assert.deepEqual((await read())[1], '"key";q=7;w=30, "organization";q=5000;w=60');
  await expectJson(await ask(admin, 'PATCH', `/${api_key.id}`, { limit: null }), 200);
  await read();
  assert.match(String((await read())[1]), /^"key";q=1000;w=60/);
});

test('a change takes a recent sign-in, as making a key does: else a key that was found could be given more', async () => {
  const { path, owner, make } = await prepare();
  const { api_key } = await make(owner);
  const token = await makeStale(bot, owner.access_token);
  const body = { scopes: ['members:read', 'members:write'] };
  const refused = await bot.send('PATCH', `${path}/api-keys/${api_key.id}`, { token, body });
  await expectProblem(refused, 'reauthentication-required');
});

test('the text before a rotation goes on for as long as was asked', async () => {
  const { admin, ask, make } = await prepare();
  const { key: first, api_key } = await make(admin);
  const rotate = async (overlap_seconds: number) =>
    expectJson<TestApiKey>(await ask(admin, 'POST', `/${api_key.id}/rotate`, { overlap_seconds }), 201);
  assert.ok(await opens(first));
  const second = await rotate(3600);
  assert.equal(second.api_key.id, api_key.id);
  assert.ok(Date.parse(second.api_key.previous_until ?? '') > Date.now() + 3_590_000);
  assert.deepEqual([await opens(first), await opens(second.key)], [true, true]);
  const third = await rotate(0);
  assert.equal(third.api_key.previous_until, null);
  assert.deepEqual(
    [await opens(first), await opens(second.key), await opens(third.key)],
    [false, false, true],
  );
  for (const overlap_seconds of [-1, 604_801]) {
    const refused = await ask(admin, 'POST', `/${api_key.id}/rotate`, { overlap_seconds });
    await expectProblem(refused, 'invalid-input');
  }
});

test('nobody gets by a rotation what their role does not allow', async () => {
  const { owner, admin, ask, make } = await prepare();
  const { api_key } = await make(owner, { scopes: ['organization:delete'] });
  const refused = await ask(admin, 'POST', `/${api_key.id}/rotate`, { overlap_seconds: 0 });
  await expectProblem(refused, 'permission-denied');
  await expectJson(await ask(owner, 'POST', `/${api_key.id}/rotate`, { overlap_seconds: 0 }), 201);
  const { api_key: endless } = await make(owner, { expires_in_days: null });
  const rotateEndless = (by: Registered) => ask(by, 'POST', `/${endless.id}/rotate`, { overlap_seconds: 0 });
  await expectProblem(await rotateEndless(admin), 'permission-denied');
  await expectJson(await rotateEndless(owner), 201);
});

test('whoever has found a key ends it, and nothing by anything else', async () => {
  const { id, owner, admin, make } = await prepare();
  const [found, kept] = [await make(admin), await make(admin)];
  const report = (keys: readonly string[]) => bot.send('POST', '/v1/api-keys/revoke', { body: { keys } });
  const wrong = `${found.api_key.start}_${kept.key.slice(27)}`;
  await expectEmpty(await report(['garbage', '', wrong, 'bbk_']), 202);
  assert.ok(await opens(found.key));
  await expectEmpty(await report([found.key, 'garbage', found.key]), 202);
  assert.deepEqual([await opens(found.key), await opens(kept.key)], [false, true]);
  await expectEmpty(await report([found.key]), 202);
  const events = await bot.database.sql<{ event: string; actorKind: string; targetId: string }>`
    select event, actor_kind, target_id from audit_events
    where organization_id = ${id} and actor_kind = 'nobody'`;
  assert.deepEqual(events, [{ event: 'api_key.reported', actorKind: 'nobody', targetId: found.api_key.id }]);
  const mails = (await bot.emails(owner.email)).filter(({ template }) => template === 'api-key-reported');
  assert.equal(mails.length, 1);
  const text = mails[0]?.text ?? '';
  assert.ok(text.includes(found.api_key.start) && !text.includes(found.key), text);
  for (const keys of [[], Array.from({ length: 101 }, () => 'x'), 'x', [1]]) {
    await expectProblem(await bot.send('POST', '/v1/api-keys/revoke', { body: { keys } }), 'invalid-input');
  }
});

test('what happens to a key stands in the trail, and in emails to whose it is', async () => {
  const { id, owner, admin, member, ask, make } = await prepare();
  const { api_key } = await make(admin);
  await ask(admin, 'PATCH', `/${api_key.id}`, { name: 'Another' });
  await ask(admin, 'POST', `/${api_key.id}/rotate`, { overlap_seconds: 0 });
  await ask(admin, 'DELETE', `/${api_key.id}`);
  await make(member, { personal: true });
  const trail = (await readTrail(bot, id)).filter(({ event }) => event.startsWith('api_key'));
  assert.deepEqual(
    trail.map(({ event, userId, actorId }) => [event, userId, actorId]),
    [
      ['api_key.created', null, admin.user.id],
      ['api_key.updated', null, admin.user.id],
      ['api_key.rotated', null, admin.user.id],
      ['api_key.revoked', null, admin.user.id],
      ['api_key.created', member.user.id, member.user.id],
    ],
  );
  const templates = async (to: string) =>
    (await bot.emails(to)).map(({ template }) => template).filter((name) => name.startsWith('api-key'));
  assert.deepEqual(await templates(owner.email), ['api-key-created', 'api-key-rotated']);
  assert.deepEqual(await templates(admin.email), []);
  assert.deepEqual(await templates(member.email), ['api-key-created']);
});

test('a key manages no keys, people or sessions', async () => {
  const { owner, make, path } = await prepare();
  const { key: token } = await make(owner, {
    scopes: ['keys:write', 'members:write', 'organization:delete'],
  });
  for (const [method, at] of [
    ['POST', `${path}/api-keys`],
    ['GET', `${path}/api-keys`],
    ['GET', `${path}/members`],
    ['DELETE', path],
    ['GET', '/v1/sessions'],
    ['GET', '/v1/me'],
  ] as const) {
    const body = method === 'GET' ? undefined : {};
    assert.equal((await bot.send(method, at, { token, body })).status, 401, `${method} ${at}`);
  }
  await expectProblem(await readOwnKey(bot, owner.access_token), 'api-key-invalid');
  await expectProblem(await bot.send('GET', '/v1/me/api-key'), 'authentication-required');
});

test('a key of a removed member, and of a deleted organization, opens nothing from the next request on', async () => {
  const { id, owner, admin, member, path, make } = await prepare();
  const personal = await make(admin, { personal: true, scopes: ['members:read', 'members:write'] });
  const own = await make(admin);
  assert.deepEqual([await opens(personal.key), await opens(own.key)], [true, true]);
  const { access_token: token } = owner;
  await bot.send('PATCH', `${path}/members/${admin.user.id}`, { token, body: { role: 'member' } });
  const { effective_scopes } = await expectJson<{ effective_scopes: string[] }>(
    await readOwnKey(bot, personal.key),
    200,
  );
  assert.deepEqual(effective_scopes, ['members:read']);
  await bot.send('DELETE', `${path}/members/${admin.user.id}`, { token });
  assert.deepEqual([await opens(personal.key), await opens(own.key)], [false, true]);
  await setRole(bot, id, member.user.id, 'owner');
  const [{ slug } = { slug: '' }] = await bot.database.sql<{ slug: string }>`
    select slug from organizations where id = ${id}`;
  await expectEmpty(await bot.send('DELETE', path, { token, body: { slug } }), 204);
  assert.ok(!(await opens(own.key)));
});
