/** API keys by an organization’s pages. Long because each thing that a form does, and what it does sent again, has a case of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../../db/schema.ts';
import { insertApiKey } from '../../../test/support/api-key-row.ts';
import { makeApiKey, readOwnKey } from '../../../test/support/api-keys.ts';
import { startBlockbot } from '../../../test/support/blockbot.ts';
import { verify } from '../../../test/support/invitations.ts';
import { lastEmail } from '../../../test/support/mailed.ts';
import { makeOrganization, readTrail } from '../../../test/support/organizations.ts';
import { expectJson } from '../../../test/support/responses.ts';
import {
  expectRedirect,
  expectText,
  makeStaleBrowser,
  openOrganization,
} from '../../../test/support/pages.ts';

const bot = await startBlockbot();
const path = '/organization/keys';

/** An organization with a proven owner, and another person whose browser is in it. */
async function make(role: Role) {
  const organization = await makeOrganization(bot, ['owner', role]);
  const [owner, person] = organization.people;
  if (!owner || !person) throw new Error('nobody there');
  await verify(bot, owner, person);
  return { ...organization, owner, person, here: await openOrganization(bot, person, organization.id) };
}

const fieldsOf = (organization_id: string, more: Readonly<Record<string, string>> = {}) => ({
  organization_id,
  own_role: 'admin',
  name: 'Importer',
  belongs_to: 'organization',
  'members:read': 'on',
  expires_in_days: '90',
  limit_seconds: '60',
  ...more,
});

interface Row {
  readonly id: string;
  readonly userId: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly requests: number | null;
  readonly seconds: number | null;
  readonly days: number | null;
}

const readKeys = (id: string) => bot.database.sql<Row>`
  select id, user_id, name, scopes, limit_requests as requests, limit_seconds as seconds,
    round(extract(epoch from expires_at - now()) / 86400)::int as days
  from api_keys where organization_id = ${id} and revoked_at is null order by created_at, id`;

const keyIn = (text: string) => {
  const [, key = ''] = text.match(/value="(bbk_[0-9A-Za-z]{22}_[0-9A-Za-z]{49})"\s+readonly/) ?? [];
  assert.notEqual(key, '', text);
  return key;
};
const opens = async (key: string) => (await readOwnKey(bot, key)).status === 200;

test('a key is made, shown this once, works, and stands in the list without what opens', async () => {
  const { id, here, owner, path: api } = await make('admin');
  await expectText(await here.get(path), 200, /There’s no key yet/);
  const fields = fieldsOf(id, { 'members:write': 'on', limit_requests: '50', limit_seconds: '3600' });
  const response = await here.submit(path, fields);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(response.headers.getSetCookie(), []);
  const key = keyIn(await expectText(response, 200, /shown only this once/));
  assert.ok(await opens(key));
  const [row] = await readKeys(id);
  assert.deepEqual(row && { ...row, id: '' }, {
    id: '',
    userId: null,
    name: 'Importer',
    scopes: ['members:read', 'members:write'],
    requests: 50,
    seconds: 3600,
    days: 90,
  });
  const list = await expectText(
    await here.get(path),
    200,
    /Importer/,
    /<code>members:write<\/code>/,
    /50 requests in 3,600 s/,
    /expires <time/,
  );
  assert.ok(list.includes(key.slice(0, 26)));
  assert.ok(!list.includes(key.slice(27)), 'no secret');
  await lastEmail(bot, owner.email, 'api-key-created');
  assert.equal((await readTrail(bot, id)).at(-1)?.event, 'api_key.created');
  await bot.database.sql`
    update api_keys set last_used_at = now(), expires_at = now() where organization_id = ${id}`;
  const used = await expectText(await here.get(path), 200, /expired/, /last used <time/);
  assert.doesNotMatch(used, /keys\/rotate/, 'another text of one that has expired is of no use');
  const { api_key: second } = await makeApiKey(bot, owner, api, { expires_in_days: null });
  await expectText(await here.get(path), 200, new RegExp(`${second.start}…`), /never expires/);
});

const isShown = (text: string) => /bbk_[0-9A-Za-z]{22}_/.test(text);

/** Sends the same form five times at once. */
async function sendAtOnce(send: () => Promise<Response>) {
  return Promise.all(Array.from({ length: 5 }, async () => expectText(await send(), 200)));
}

test('a form makes one key, however often it is sent, and says how to be rid of what nobody copied', async () => {
  const { id, here, owner } = await make('admin');
  const page = await expectText(await here.get(path), 200);
  const [, form_id = ''] = page.match(/name="form_id" value="([^"]+)"/) ?? [];
  const submit = (more = {}) => here.submit(path, fieldsOf(id, { form_id, ...more }));
  assert.notEqual(
    form_id,
    (await expectText(await here.get(path), 200)).match(/"form_id" value="(.+?)"/)?.[1],
  );
  const refused = await expectText(await submit({ name: ' ' }), 422);
  assert.ok(refused.includes(`name="form_id" value="${form_id}"`), 'it is the same form still');
  const key = keyIn(await expectText(await submit(), 200));
  const again = await expectText(await submit(), 200, /was created already/, /Importer was shown once/);
  assert.ok(!isShown(again));
  assert.equal((await readKeys(id)).length, 1);
  await expectText(await submit({ name: 'Exporter' }), 200, /key is ready/);
  const there = await openOrganization(bot, owner, id);
  await expectText(await there.submit(path, fieldsOf(id, { form_id })), 200, /key is ready/);
  assert.equal((await readKeys(id)).length, 3, 'another form, or another person');
  const [, key_id = ''] = again.match(/name="id" value="([^"]+)"/) ?? [];
  const revoked = await here.submit(`${path}/revoke`, { organization_id: id, id: key_id });
  expectRedirect(revoked, `${path}?organization=${id}&notice=revoked`);
  assert.equal(await opens(key), false);
  await expectText(await submit(), 200, /was created already/);
  assert.equal((await readKeys(id)).length, 2, 'nor after its end');
});

test('of a form that is sent five times at once one makes a key', async () => {
  const { id, here } = await make('admin');
  const fields = fieldsOf(id, { form_id: crypto.randomUUID() });
  const pages = await sendAtOnce(() => here.submit(path, fields));
  assert.equal(pages.filter(isShown).length, 1);
  assert.equal((await readKeys(id)).length, 1);
});

test('a form replaces one text, however often it is sent', async () => {
  const { id, here, person, path: api } = await make('admin');
  const { key, api_key } = await makeApiKey(bot, person, api);
  const readForm = async () => {
    const [, text_id = ''] =
      (await expectText(await here.get(path), 200)).match(/"text_id" value="(.+?)"/) ?? [];
    return { organization_id: id, id: api_key.id, text_id, overlap_seconds: '3600' };
  };
  const form = await readForm();
  const pages = await sendAtOnce(() => here.submit(`${path}/rotate`, form));
  const shown = pages.filter(isShown);
  assert.equal(shown.length, 1);
  const next = keyIn(shown[0] ?? '');
  await expectText(await here.submit(`${path}/rotate`, form), 200, /was replaced already/, /keys\/revoke/);
  assert.deepEqual([await opens(key), await opens(next)], [true, true], 'the key before that goes on');
  keyIn(await expectText(await here.submit(`${path}/rotate`, await readForm()), 200));
  assert.deepEqual([await opens(key), await opens(next)], [false, true]);
  await expectText(await here.submit(`${path}/rotate`, form), 200, /was replaced already/);
});

test('the id of a client stands beside its key and in the list, and gets tokens', async () => {
  const { id, here } = await make('admin');
  const page = await expectText(await here.submit(path, fieldsOf(id)), 200);
  const [, client_id = ''] = page.match(/id="client-id"\s+type="text"\s+value="(.+?)"\s+readonly/) ?? [];
  await expectText(await here.get(path), 200, new RegExp(`Client ID: <code>${client_id}</code>`));
  const grant = { grant_type: 'client_credentials', client_id, client_secret: keyIn(page) };
  const body = new URLSearchParams(grant).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  await expectJson(await bot.send('POST', '/v1/auth/token', { body, headers }), 200);
});

test('what can’t be made is said above the form, which keeps what was chosen and offers no more than before', async () => {
  const { id, here } = await make('admin');
  const submit = (more: Readonly<Record<string, string>>) => here.submit(path, fieldsOf(id, more));
  const wrong = await expectText(
    await submit({ name: ' ', limit_requests: '100001', expires_in_days: '365' }),
    422,
    /id="name-error"/,
    /id="limit_requests-error"/,
    /value="365" selected/,
    /name="members:read"\s+checked/,
  );
  assert.doesNotMatch(wrong, /organization:delete|value="never"/, 'not an owner');
  await expectText(await submit({ 'members:read': '' }), 422, /id="scopes-error"/, /value="Importer"/);
  await expectText(await submit({ 'organization:delete': 'on' }), 403, /don’t have permission/);
  await expectText(await submit({ expires_in_days: 'never' }), 403, /don’t have permission/);
  for (let nth = 0; nth < 100; nth += 1) await insertApiKey(bot, { organizationId: id });
  await expectText(await submit({}), 409, /as many of these API keys as there can be/, /value="Importer"/);
  assert.equal((await readKeys(id)).length, 100);
});

test('a member makes personal keys alone, and sees nobody else’s', async () => {
  const { id, here, person, owner, path: api } = await make('member');
  const { api_key: theirs } = await makeApiKey(bot, owner, api);
  const form = await expectText(await here.get(path), 200, /There’s no key yet/);
  assert.doesNotMatch(form, /members:write|limit_requests|value="organization"/);
  await expectText(await here.get('/organization'), 200, /href="\/organization\/keys/);
  await expectText(await here.submit(path, fieldsOf(id)), 403, /don’t have permission/);
  await expectText(await here.submit(path, fieldsOf(id, { belongs_to: 'person', limit_requests: '5' })), 403);
  keyIn(await expectText(await here.submit(path, fieldsOf(id, { belongs_to: 'person' })), 200));
  const keys = await readKeys(id);
  assert.deepEqual(
    keys.map(({ userId }) => userId),
    [null, person.user.id],
  );
  await expectText(await here.get(path), 200, /Personal/, /keys\/rotate/);
  for (const act of ['rotate', 'revoke']) {
    const fields = { organization_id: id, id: theirs.id, overlap_seconds: '0' };
    await expectText(await here.submit(`${path}/${act}`, fields), 403, /don’t have permission/);
  }
  const admin = await openOrganization(bot, owner, id);
  const all = await expectText(await admin.get(path), 200, /Personal/);
  assert.equal(all.match(/keys\/revoke"/g)?.length, 2);
  assert.equal(all.match(/keys\/rotate"/g)?.length, 1, 'not somebody’s personal key');
});

test('a key is replaced, the one before goes on as long as was asked, and both end when it is revoked', async () => {
  const { id, here, owner, person, path: api } = await make('admin');
  const { key, api_key } = await makeApiKey(bot, person, api);
  const rotate = (overlap_seconds: string, key_id = api_key.id) =>
    here.submit(`${path}/rotate`, { organization_id: id, id: key_id, overlap_seconds });
  const response = await rotate('3600');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const next = keyIn(await expectText(response, 200, /shown only this once/));
  assert.deepEqual([await opens(key), await opens(next)], [true, true]);
  await expectText(await here.get(path), 200, /The key before works until <time/);
  await lastEmail(bot, owner.email, 'api-key-rotated');
  const last = keyIn(await expectText(await rotate('0'), 200));
  assert.deepEqual([await opens(key), await opens(next), await opens(last)], [false, false, true]);
  assert.doesNotMatch(await expectText(await here.get(path), 200), /The key before works/);
  await expectText(await rotate('604801'), 422);
  const { api_key: above } = await makeApiKey(bot, owner, api, { scopes: ['organization:delete'] });
  await expectText(await rotate('0', above.id), 403, /don’t have permission/);
  const revoke = () => here.submit(`${path}/revoke`, { organization_id: id, id: api_key.id });
  expectRedirect(await revoke(), `${path}?organization=${id}&notice=revoked`);
  assert.equal(await opens(last), false);
  await expectText(await here.get(`${path}?organization=${id}&notice=revoked`), 200, /The key is revoked/);
  await expectText(await revoke(), 404, /no longer there/);
  await expectText(await rotate('0'), 404, /no longer there/, /href="\/organization\/keys\?organization=/);
  assert.deepEqual(
    (await readKeys(id)).map((row) => row.id),
    [above.id],
  );
});

test('who signed in long ago sees and revokes keys, and is asked to sign in anew to make or replace one', async () => {
  const { id, here, person, path: api } = await make('admin');
  const { key, api_key } = await makeApiKey(bot, person, api);
  await makeStaleBrowser(bot, here, person);
  const to = new RegExp(`name="to" value="${path}\\?organization=${id}"`);
  const text = await expectText(await here.get(path), 200, /Sign in again first/, to, /Importer/);
  assert.doesNotMatch(text, /name="expires_in_days"|keys\/rotate/);
  await expectText(await here.submit(path, fieldsOf(id)), 401, /Sign in again first/, to);
  const fields = { organization_id: id, id: api_key.id };
  const rotation = { ...fields, overlap_seconds: '0' };
  await expectText(await here.submit(`${path}/rotate`, rotation), 401, /Sign in again first/, to);
  assert.deepEqual([(await readKeys(id)).length, await opens(key)], [1, true]);
  await here.submit('/account/sign-out', { to: `${path}?organization=${id}` });
  const { email, password } = person;
  const back = `${path}?organization=${id}`;
  expectRedirect(await here.submit('/auth/sign-in', { email, password, to: back }), back);
  await expectText(await here.get(back), 200, /Analytical Engines/, /name="expires_in_days"/);
  await makeStaleBrowser(bot, here, person);
  await here.submit(`${path}/revoke`, fields);
  assert.equal(await opens(key), false);
});

test('a stranger finds neither an organization nor its keys', async () => {
  const { id, person, path: api } = await make('admin');
  const { key, api_key } = await makeApiKey(bot, person, api);
  const { here: there, id: own } = await make('owner');
  await expectText(await there.get(`${path}?organization=${id}`), 404, /href="\/organization"/);
  for (const organization_id of [id, own]) {
    const fields = { organization_id, id: api_key.id, overlap_seconds: '0' };
    await expectText(await there.submit(`${path}/rotate`, fields), 404, /no longer there/);
    await expectText(await there.submit(`${path}/revoke`, fields), 404, /no longer there/);
  }
  await expectText(await there.submit(path, fieldsOf(id)), 404);
  assert.deepEqual([(await readKeys(id)).length, await opens(key)], [1, true]);
});
