/** API keys as callers of a route: who is let in, for what, and at which cost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertApiKey } from '../../test/support/api-key-row.ts';
import { startBlockbot, type TestRequest } from '../../test/support/blockbot.ts';
import { makeOrganization, setRole } from '../../test/support/organizations.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { user } from '../http/caller.ts';
import { createFunction } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { limit } from '../http/limit.ts';
import { api, apiKeyLimit, organizationLimit } from '../rate-limit/policies.ts';
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

test('a personal key may no more than its owner may now', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'admin']);
  const userId = people[1]?.user.id ?? '';
  const scopes = ['members:read', 'members:write'] as const;
  const key = await insertApiKey(bot, { organizationId: id, userId, scopes });
  await expectJson(await ask(key.text), 200);
  await setRole(bot, id, userId, 'member');
  await expectJson(await ask(key.text), 200);
});
