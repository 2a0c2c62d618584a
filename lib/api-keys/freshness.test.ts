/** What a process knows of a key, and for how long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAsProcess, insertApiKey } from '../../test/support/api-key-row.ts';
import { makeApiKey } from '../../test/support/api-keys.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { expectEmpty, expectProblem } from '../../test/support/responses.ts';
import { createApiKeys } from '../http/api-keys.ts';
import { createFunction } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { limit } from '../http/limit.ts';
import { api, apiKeyLimit } from '../rate-limit/policies.ts';
import { createApiKey } from '../security/api-key.ts';
import { apiKey } from './caller.ts';

const bot = await startBlockbot();
const { sql } = bot.database;

const app = createFunction().get(
  '/widgets',
  guard({ caller: apiKey, limits: limit(api, apiKeyLimit) }),
  (c) => c.body(null, 204),
);

/** A process with a clock that is moved by hand. */
function startProcess() {
  let time = 0;
  const apiKeys = createApiKeys({ now: () => time });
  return {
    ask: (token: string) => askAsProcess(bot, token, { app, apiKeys }),
    pass: (milliseconds: number) => void (time += milliseconds),
  };
}

async function insertKey(more: { readonly expiresIn?: number } = {}) {
  const { id } = await makeOrganization(bot, ['owner']);
  return insertApiKey(bot, { organizationId: id, ...more });
}

test('a key that is revoked in one process is refused in another on the next request', async () => {
  const { path, people } = await makeOrganization(bot, ['owner']);
  const [owner] = people;
  assert.ok(owner);
  const { key, api_key } = await makeApiKey(bot, owner, path);
  const other = startProcess();
  await expectEmpty(await other.ask(key), 204);
  await bot.send('DELETE', `${path}/api-keys/${api_key.id}`, { token: owner.access_token });
  bot.countStatements();
  for (let nth = 0; nth < 5; nth += 1) await expectProblem(await other.ask(key), 'api-key-invalid');
  assert.equal(bot.countStatements(), 1, 'it is looked up anew once, and then known to be none');
});

test('a key of which no store has told is known for half a minute, and never longer', async () => {
  const { text, keyId } = await insertKey();
  const { ask, pass } = startProcess();
  await expectEmpty(await ask(text), 204);
  await sql`update api_keys set revoked_at = now() where id = ${keyId}`;
  pass(29_999);
  await expectEmpty(await ask(text), 204);
  pass(1);
  await expectProblem(await ask(text), 'api-key-invalid');
});

test('a key in use goes on while others have used up what its address may ask', async () => {
  const { text } = await insertKey();
  const { ask, pass } = startProcess();
  await expectEmpty(await ask(text), 204);
  const key = 'address:192.0.2.1';
  await bot.services.rateLimits.reset(api, key);
  await bot.services.rateLimits.take([{ policy: api, key, id: crypto.randomUUID(), cost: api.limit }]);
  const other = await insertKey();
  await expectProblem(await ask(other.text), 'quota-exceeded');
  pass(30_000);
  bot.countStatements();
  await expectEmpty(await ask(text), 204);
  assert.equal(bot.countStatements(), 1);
  await bot.services.rateLimits.reset(api, key);
});

test('what was no key is asked about again after ten seconds', async () => {
  const { text, keyId } = await insertKey();
  await sql`update api_keys set revoked_at = now() where id = ${keyId}`;
  const { ask, pass } = startProcess();
  await expectProblem(await ask(text), 'api-key-invalid');
  await sql`update api_keys set revoked_at = null where id = ${keyId}`;
  pass(9999);
  await expectProblem(await ask(text), 'api-key-invalid');
  pass(1);
  await expectEmpty(await ask(text), 204);
});

test('the text before a rotation ends to the second, also while it is known', async () => {
  const { keyId, text } = await insertKey();
  const next = createApiKey(keyId);
  await sql`
    update api_keys set secret_hash = ${next.hash}, previous_hash = secret_hash, previous_until = now() + interval '10 seconds'
    where id = ${keyId}`;
  const { ask, pass } = startProcess();
  await expectEmpty(await ask(text), 204);
  pass(9000);
  await expectEmpty(await ask(text), 204);
  pass(1000);
  await expectProblem(await ask(text), 'api-key-invalid');
  await expectEmpty(await ask(next.text), 204);
});

test('an expired key is told so to its right secret alone', async () => {
  const { text, keyId } = await insertKey({ expiresIn: 10 });
  const { ask, pass } = startProcess();
  await expectEmpty(await ask(text), 204);
  pass(10_000);
  await expectProblem(await ask(text), 'api-key-expired');
  await expectProblem(await ask(createApiKey(keyId).text), 'api-key-invalid');
});

test('a wrong secret costs what an unknown key costs: one look-up, and none again', async () => {
  const { keyId } = await insertKey();
  for (const { text } of [createApiKey(keyId), createApiKey(crypto.randomUUID())]) {
    const { ask } = startProcess();
    bot.countStatements();
    await expectProblem(await ask(text), 'api-key-invalid');
    assert.equal(bot.countStatements(), 1);
    await expectProblem(await ask(text), 'api-key-invalid');
    assert.equal(bot.countStatements(), 0);
  }
});

test('no key reaches the log', async () => {
  const { text, keyId } = await insertKey();
  await startProcess().ask(text);
  await startProcess().ask(createApiKey(keyId).text);
  bot.services.log.error('a driver said', { detail: `key ${text}` }, new Error(`refused ${text}`));
  assert.ok(
    bot.logLines.some((line) => line.includes(keyId)),
    'who asked is told',
  );
  const secret = text.slice(27);
  assert.ok(!bot.logLines.some((line) => line.includes(secret)));
});
