/** API keys as callers of a route: who is let in, for what, and at which cost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAsProcess, insertApiKey } from '../../test/support/api-key-row.ts';
import { startBlockbot, type TestRequest } from '../../test/support/blockbot.ts';
import { makeOrganization, setRole } from '../../test/support/organizations.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { createUuid } from '../core/uuid.ts';
import { user } from '../http/caller.ts';
import { createFunction } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { limit } from '../http/limit.ts';
import { api, apiKeyLimit, organizationLimit } from '../rate-limit/policies.ts';
import { createApiKey } from '../security/api-key.ts';
import { apiKey } from './caller.ts';
import { either } from './either.ts';

const bot = await startBlockbot();

const endpoint = createFunction().get(
  '/widgets',
  guard({
    caller: either(user, apiKey),
    permission: 'members:read',
    limits: limit(api, apiKeyLimit, organizationLimit),
  }),
  (c) => c.json({ kind: c.var.request.caller.kind, organization_id: c.var.request.caller.organizationId }),
);

const ask = (token: string, more: TestRequest = {}) =>
  bot.send('GET', '/widgets', { token, ...more }, endpoint);

test('a key opens what its scopes say, by one statement when it is new and by none after that', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const key = await insertApiKey(bot, { organizationId: id });
  bot.countStatements();
  const response = await ask(key.text);
  assert.deepEqual(await expectJson(response, 200), { kind: 'key', organization_id: id });
  assert.equal(response.headers.get('ratelimit-policy'), '"key";q=1000;w=60, "organization";q=5000;w=60');
  assert.equal(response.headers.get('ratelimit'), '"key";r=999;t=60, "organization";r=4999;t=60');
  assert.equal(bot.countStatements(), 1, 'cold');
  for (let nth = 0; nth < 5; nth += 1) await expectJson(await ask(key.text), 200);
  assert.equal(bot.countStatements(), 0, 'warm');
});

test('a person comes in by the same route as before', async () => {
  const { access_token } = await bot.register();
  const response = await ask(access_token);
  assert.equal((await expectJson<{ kind: string }>(response, 200)).kind, 'user');
  assert.equal(response.headers.get('ratelimit-policy'), '"api";q=100;w=60');
  await expectProblem(await ask(''), 'authentication-required');
});

test('a text that is no key costs no statement, and one with characters around it is told so', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const { text } = await insertApiKey(bot, { organizationId: id });
  bot.countStatements();
  const mistyped = text.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const wrong of [
    'bbk_',
    `${text}0`,
    text.slice(0, -1),
    text.replace(/.$/, '!'),
    mistyped,
    `bbk_${text}`,
  ]) {
    const response = await ask(wrong);
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer error="invalid_token", /);
    assert.equal((await expectProblem(response, 'api-key-invalid')).detail, undefined, wrong);
  }
  for (const pasted of [`"${text}"`, `'${text}'`, `"${text}`, `  ${text},`, `${text};`]) {
    const { detail } = await expectProblem(await ask(pasted), 'api-key-invalid');
    assert.equal(detail, 'The key has characters around it', pasted);
  }
  await expectProblem(
    await bot.send('GET', `/widgets?api_key=${text}`, {}, endpoint),
    'authentication-required',
  );
  const elsewhere = { headers: { 'X-Api-Key': text } };
  await expectProblem(await bot.send('GET', '/widgets', elsewhere, endpoint), 'authentication-required');
  assert.equal(bot.countStatements(), 0);
});

test('a flood of invented keys from one address costs as many look-ups as its limit', async () => {
  const address = '198.51.100.7';
  bot.countStatements();
  const statuses = new Map<number, number>();
  for (let batch = 0; batch < 200; batch += 1) {
    const keys = Array.from({ length: 50 }, () => createApiKey(createUuid()).text);
    for (const { status } of await Promise.all(keys.map((key) => ask(key, { address }))))
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assert.deepEqual(Object.fromEntries(statuses), { 401: 100, 429: 9900 });
  assert.equal(bot.countStatements(), 100);
});

test('a new key that is used three hundred times at once is looked up once, and its address owes nothing', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const { text } = await insertApiKey(bot, { organizationId: id });
  const address = '198.51.100.8';
  bot.countStatements();
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask(text, { address })));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.equal(bot.countStatements(), 1);
  const stranger = await bot.send('GET', '/widgets', { address }, endpoint);
  assert.match(stranger.headers.get('ratelimit') ?? '', /^"api";r=99;/);
});

test('over its limit a key is answered 429, with its own numbers, and its organization’s other keys are not', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const limit = { requests: 3, seconds: 3600 };
  const narrow = await insertApiKey(bot, { organizationId: id, limit });
  const wide = await insertApiKey(bot, { organizationId: id, limit: { requests: 200, seconds: 10 } });
  for (let nth = 0; nth < 3; nth += 1) await expectJson(await ask(narrow.text), 200);
  const refused = await ask(narrow.text);
  assert.equal(refused.headers.get('ratelimit-policy'), '"key";q=3;w=3600, "organization";q=5000;w=60');
  assert.match(refused.headers.get('ratelimit') ?? '', /^"key";r=0;t=3600, "organization";r=4997;/);
  assert.deepEqual((await expectProblem(refused, 'quota-exceeded'))['violated-policies'], ['key']);
  const other = await ask(wide.text);
  assert.match(other.headers.get('ratelimit') ?? '', /^"key";r=199;t=10, "organization";r=4996;/);
});

test('all keys of an organization together keep to its plan', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const own = { requests: 100_000, seconds: 60 };
  const [first, second] = [
    await insertApiKey(bot, { organizationId: id, limit: own }),
    await insertApiKey(bot, { organizationId: id, limit: own }),
  ];
  await ask(first.text);
  const policy = { ...organizationLimit, limit: 5000, windowMs: 60_000 };
  const key = `organization:${id}:5000:60000`;
  await bot.services.rateLimits.take([{ policy, key, id: crypto.randomUUID(), cost: 4998 }]);
  await expectJson(await ask(second.text), 200);
  for (const { text } of [first, second]) {
    const { 'violated-policies': violated } = await expectProblem(await ask(text), 'quota-exceeded');
    assert.deepEqual(violated, ['organization']);
  }
});

test('a key opens nothing that is not among its scopes', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const { text } = await insertApiKey(bot, { organizationId: id, scopes: ['audit:read'] });
  const response = await ask(text);
  assert.match(
    response.headers.get('www-authenticate') ?? '',
    /^Bearer error="insufficient_scope", scope="members:read"/,
  );
  await expectProblem(response, 'permission-denied');
});

test('a personal key may no more than its owner may now, and nothing while the account is disabled', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'admin']);
  const userId = people[1]?.user.id ?? '';
  const scopes = ['members:read', 'members:write'] as const;
  const { text } = await insertApiKey(bot, { organizationId: id, userId, scopes });
  const write = createFunction().get(
    '/widgets',
    guard({
      caller: either(user, apiKey),
      permission: 'members:write',
      limits: limit(api, apiKeyLimit),
    }),
    (c) => c.body(null, 204),
  );
  const asNew = () => askAsProcess(bot, text, { app: write });
  assert.equal((await asNew()).status, 204);
  await setRole(bot, id, userId, 'member');
  await expectProblem(await asNew(), 'permission-denied');
  await setRole(bot, id, userId, 'admin');
  const disable = (at: Date | null) => bot.database.sql`
    update users set disabled_at = ${at}, disabled_reason = ${at && 'abuse'} where id = ${userId}`;
  await disable(new Date());
  await expectProblem(await asNew(), 'api-key-invalid');
  await disable(null);
  assert.equal((await asNew()).status, 204);
});
