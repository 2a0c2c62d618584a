/** When a key was used last: noted as it is looked up, and written down without keeping any program waiting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatabaseClient } from '../../db/client.ts';
import { createKeyParts } from '../../hosts/core/api-keys.ts';
import { askAsProcess, insertApiKey } from '../../test/support/api-key-row.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { holdLock } from '../../test/support/held-lock.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { createApiKeys } from '../http/api-keys.ts';
import { createFunction } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { limit } from '../http/limit.ts';
import { api, apiKeyLimit } from '../rate-limit/policies.ts';
import { createApiKey } from '../security/api-key.ts';
import { apiKey } from './caller.ts';
import { writeUsage } from './usage-writing.ts';

const bot = await startBlockbot();
const { sql } = bot.database;

async function insertKey() {
  const { id } = await makeOrganization(bot, ['owner']);
  return insertApiKey(bot, { organizationId: id });
}

const app = createFunction().get(
  '/widgets',
  guard({ caller: apiKey, limits: limit(api, apiKeyLimit) }),
  (c) => c.body(null, 204),
);

/** Asks as a process whose minute is over then. */
async function askAndWrite(token: string): Promise<Response> {
  const apiKeys = createApiKeys();
  const response = await askAsProcess(bot, token, { app, apiKeys });
  await writeUsage(sql, apiKeys.usage);
  return response;
}

async function readLastUse(keyId: string) {
  const [row] = await sql<{ lastUsedAt: Date | null; network: string | null }>`
    select last_used_at, last_used_network::text as network from api_keys where id = ${keyId}`;
  return row;
}

test('a use is written down once in ten minutes, without the address, and not for a wrong secret', async () => {
  const { text, keyId } = await insertKey();
  await askAndWrite(createApiKey(keyId).text);
  assert.deepEqual(await readLastUse(keyId), { lastUsedAt: null, network: null });
  await askAndWrite(text);
  const first = await readLastUse(keyId);
  assert.equal(first?.network, '192.0.2.0/24');
  await askAndWrite(text);
  assert.deepEqual(await readLastUse(keyId), first);
  await sql`update api_keys set last_used_at = now() - interval '11 minutes' where id = ${keyId}`;
  await askAndWrite(text);
  assert.ok(Number((await readLastUse(keyId))?.lastUsedAt) >= Number(first.lastUsedAt));
});

test('a use is one that was let in: none of a key that has expired, nor of a text whose time is over', async () => {
  const { text, keyId } = await insertKey();
  const wasUsed = async () => (await readLastUse(keyId))?.lastUsedAt != null;
  await sql`update api_keys set expires_at = now() where id = ${keyId}`;
  await expectProblem(await askAndWrite(text), 'api-key-expired');
  assert.equal(await wasUsed(), false);
  await sql`
    update api_keys set expires_at = null, secret_hash = sha256('the next'), previous_hash = secret_hash, previous_until = now()
    where id = ${keyId}`;
  await expectProblem(await askAndWrite(text), 'api-key-invalid');
  assert.equal(await wasUsed(), false);
  await sql`update api_keys set previous_until = now() + interval '1 hour' where id = ${keyId}`;
  await expectEmpty(await askAndWrite(text), 204);
  assert.equal(await wasUsed(), true);
});

test('a key opens while somebody holds its row', async () => {
  const { text, keyId } = await insertKey();
  const release = await holdLock(
    bot.database,
    (held) => held`select from api_keys where id = ${keyId} for update`,
  );
  await expectEmpty(await askAsProcess(bot, text, { app }), 204);
  await release();
});

test('the use of a key whose row is locked is not waited for, and written down after its next look-up', async () => {
  const { text, keyId } = await insertKey();
  const release = await holdLock(
    bot.database,
    (held) => held`select from api_keys where id = ${keyId} for no key update`,
  );
  await expectEmpty(await askAndWrite(text), 204);
  await release();
  assert.deepEqual(await readLastUse(keyId), { lastUsedAt: null, network: null });
  await expectEmpty(await askAndWrite(text), 204);
  assert.equal((await readLastUse(keyId))?.network, '192.0.2.0/24');
});

test('a key opens while Postgres only reads, and its use of then is written down later', async () => {
  const { text, keyId } = await insertKey();
  const readOnly = await openReadOnly();
  const apiKeys = createApiKeys();
  const services = { ...bot.services, database: readOnly };
  await expectEmpty(await askAsProcess({ services }, text, { app, apiKeys }), 204);
  await assert.rejects(writeUsage(readOnly.sql, apiKeys.usage), { code: '25006' });
  await readOnly.close();
  const [{ now } = { now: new Date(0) }] = await sql<{ now: Date }>`select now()`;
  await writeUsage(sql, apiKeys.usage);
  const { lastUsedAt, network } = (await readLastUse(keyId)) ?? {};
  assert.ok(lastUsedAt && lastUsedAt < now);
  assert.equal(network, '192.0.2.0/24');
});

/** What a standby is, or a server whose disk is full: sessions of it write nothing. */
async function openReadOnly() {
  await sql`do $$ begin
    execute format('alter database %I set default_transaction_read_only = on', current_database());
  end $$`;
  const database = createDatabaseClient({ url: bot.databaseUrl, max: 1 });
  await database.sql`select 1 as connected`;
  await sql`do $$ begin
    execute format('alter database %I reset default_transaction_read_only', current_database());
  end $$`;
  return database;
}

test('a token for a key is a use of it', async () => {
  const { text, keyId } = await insertKey();
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: keyId,
    client_secret: text,
  }).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  await expectJson(await bot.send('POST', '/v1/auth/token', { body, headers }), 200);
  await writeUsage(sql, bot.services.apiKeys.usage);
  assert.equal(typeof (await readLastUse(keyId))?.network, 'string');
});

test('where no process lives on, a use is written down behind the answer that it got', async () => {
  const { text, keyId } = await insertKey();
  const { apiKeys, writeUsage: writeWhereDue } = createKeyParts({ sharesLookUps: false });
  await expectEmpty(await askAsProcess(bot, text, { app, apiKeys }), 204);
  await writeWhereDue(sql);
  assert.equal((await readLastUse(keyId))?.network, '192.0.2.0/24');
  await expectEmpty(await askAsProcess(bot, text, { app, apiKeys }), 204);
  assert.equal(writeWhereDue(sql), undefined, 'its minute is not over');
});
