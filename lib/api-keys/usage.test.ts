/** How often keys were used: counted by the process, written a minute later, and read by the day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startUsageWriter } from '../../hosts/node/usage-writer.ts';
import { insertApiKey } from '../../test/support/api-key-row.ts';
import { makeApiKey, readOwnKey } from '../../test/support/api-keys.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { expectJson } from '../../test/support/responses.ts';
import { KeyUsage } from '../http/key-usage.ts';
import { writeUsage } from './usage-writing.ts';

const bot = await startBlockbot();
const { sql } = bot.database;
const today = new Date().toISOString().slice(0, 10);

interface DayOfUse {
  readonly day: string;
  readonly key_id: string;
  readonly requests: number;
  readonly refused: number;
}

const readUsage = async (path: string, token: string) =>
  (await expectJson<{ usage: DayOfUse[] }>(await bot.send('GET', `${path}/api-key-usage`, { token }), 200))
    .usage;

test('requests are counted by key and day, those over a limit apart, and written when the process ends', async () => {
  const { path, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  assert.ok(owner && member);
  const narrow = await makeApiKey(bot, owner, path, { limit: { requests: 2, seconds: 3600 } });
  const personal = await makeApiKey(bot, member, path, { personal: true });
  const { usage } = bot.services.apiKeys;
  const writer = startUsageWriter({ database: bot.database, usage, log: bot.services.log });
  for (let nth = 0; nth < 5; nth += 1) await readOwnKey(bot, narrow.key);
  await readOwnKey(bot, personal.key);
  await readOwnKey(bot, `${narrow.key.slice(0, -1)}!`);
  assert.deepEqual(await readUsage(path, owner.access_token), []);
  await writer.stop();
  const all = await readUsage(path, owner.access_token);
  assert.deepEqual(
    all.toSorted((a, b) => b.requests - a.requests),
    [
      { day: today, key_id: narrow.api_key.id, requests: 5, refused: 3 },
      { day: today, key_id: personal.api_key.id, requests: 1, refused: 0 },
    ],
  );
  assert.deepEqual(
    (await readUsage(path, member.access_token)).map(({ key_id }) => key_id),
    [personal.api_key.id],
    'a member sees what is theirs',
  );
});

test('processes add to each other, and what can’t be written is counted on', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const { keyId } = await insertApiKey(bot, { organizationId: id });
  const days = ['2026-11-25', '2026-11-26'].map((day) => Date.parse(`${day}T12:00:00Z`));
  const processes = Array.from({ length: 4 }, () => new KeyUsage());
  for (const usage of processes) {
    for (const at of days)
      for (let nth = 0; nth < 10; nth += 1) usage.count(keyId, { refused: nth === 0, at });
    usage.count(crypto.randomUUID(), { refused: false });
    await assert.rejects(
      writeUsage(() => Promise.reject(new Error('away')), usage),
      { message: 'away' },
    );
  }
  await Promise.all(processes.map((usage) => writeUsage(sql, usage)));
  await Promise.all(processes.map((usage) => writeUsage(sql, usage)));
  const rows = await sql<{ day: string; requests: number; refused: number }>`
    select day::text, requests::float8, refused::float8 from api_key_usage where key_id = ${keyId} order by day`;
  assert.deepEqual(rows, [
    { day: '2026-11-25', requests: 40, refused: 4 },
    { day: '2026-11-26', requests: 40, refused: 4 },
  ]);
});

test('what is counted has an end, where nothing can be written for long', () => {
  const usage = new KeyUsage();
  for (let nth = 0; nth < 25_000; nth += 1) usage.count(`key ${nth}`, { refused: false });
  usage.count('key 0', { refused: false });
  const { counts } = usage.take();
  assert.equal(counts.length, 20_000);
  assert.equal(counts[0]?.requests, 2);
});
