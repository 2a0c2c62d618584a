/** What becomes of API keys when people go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeApiKey } from '../../test/support/api-keys.ts';
import { startOtherProcess } from '../../test/support/api-key-row.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization, setRole } from '../../test/support/organizations.ts';
import { expectEmpty } from '../../test/support/responses.ts';

const bot = await startBlockbot();

/** In a process that has never seen it. */
const opens = async (key: string) => (await startOtherProcess(bot)(key)).status === 204;

test('the personal key of a member who was removed, or left, stays ended when they come back', async () => {
  const { id, path, people } = await makeOrganization(bot, ['owner', 'member', 'member']);
  const [owner, removed, left] = people;
  assert.ok(owner && removed && left);
  for (const [member, by] of [
    [removed, owner],
    [left, left],
  ] as const) {
    const { key } = await makeApiKey(bot, member, path, { personal: true });
    const own = `/v1/organizations/${member.organization.id}`;
    const { key: other } = await makeApiKey(bot, member, own, { personal: true });
    const gone = await bot.send('DELETE', `${path}/members/${member.user.id}`, { token: by.access_token });
    await expectEmpty(gone, 204);
    assert.ok(!(await opens(key)));
    await setRole(bot, id, member.user.id, 'owner');
    assert.deepEqual([await opens(key), await opens(other)], [false, true]);
  }
});

test('the keys of whoever deletes the account, and of their organization, open nothing from the next request on', async () => {
  const owner = await bot.register();
  const path = `/v1/organizations/${owner.organization.id}`;
  const ask = startOtherProcess(bot);
  const { key } = await makeApiKey(bot, owner, path);
  const { key: personal } = await makeApiKey(bot, owner, path, { personal: true });
  await expectEmpty(await ask(key), 204);
  await expectEmpty(await ask(personal), 204);
  const body = { password: owner.password };
  await expectEmpty(await bot.send('DELETE', '/v1/me', { token: owner.access_token, body }), 204);
  assert.deepEqual([(await ask(key)).status, (await ask(personal)).status], [401, 401]);
});
