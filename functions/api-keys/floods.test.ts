/** API keys that many are made of at once, or that many report. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issuedKeys } from '../../lib/rate-limit/policies.ts';
import { insertApiKey } from '../../test/support/api-key-row.ts';
import { makeApiKey, readOwnKey } from '../../test/support/api-keys.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { signIn } from '../../test/support/pages.ts';
import { expectJson } from '../../test/support/responses.ts';

const bot = await startBlockbot();

test('one person is told a hundred texts of keys a day, since each is an email to others', async () => {
  const { path, people } = await makeOrganization(bot, ['owner']);
  const [owner] = people;
  assert.ok(owner);
  const { access_token: token } = owner;
  const { api_key } = await makeApiKey(bot, owner, path);
  const rotate = () =>
    bot.send('POST', `${path}/api-keys/${api_key.id}/rotate`, { token, body: { overlap_seconds: 0 } });
  assert.match((await rotate()).headers.get('ratelimit') ?? '', /"issued-keys";r=48;/);
  const key = `user:${owner.user.id}`;
  await bot.services.rateLimits.take([{ policy: issuedKeys, key, id: crypto.randomUUID(), cost: 48 }]);
  const browser = await signIn(bot, owner);
  const own = `/v1/organizations/${owner.organization.id}`;
  for (const refused of [
    await rotate(),
    await bot.send('POST', `${own}/api-keys`, { token, body: { name: 'A key', scopes: ['members:read'] } }),
    await browser.submit('/organization/keys', {}),
    await browser.submit('/organization/keys/rotate', {}),
  ]) {
    assert.equal(refused.status, 429);
  }
  await expectJson(await bot.send('GET', `${path}/api-keys`, { token }), 200);
});

test('keys that many report at once, each in another order, all end', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const keys: string[] = [];
  for (let nth = 0; nth < 20; nth += 1) keys.push((await insertApiKey(bot, { organizationId: id })).text);
  const reports = [keys, keys.toReversed()].flatMap((order) => [order, order]);
  const answers = await Promise.all(
    reports.map((order) => bot.send('POST', '/v1/api-keys/revoke', { body: { keys: order } })),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202, 202, 202],
  );
  for (const key of keys) assert.equal((await readOwnKey(bot, key)).status, 401);
});
