import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertApiKey } from '../../../test/support/api-key-row.ts';
import { startBlockbot } from '../../../test/support/blockbot.ts';
import { makeOrganization } from '../../../test/support/organizations.ts';
import { expectText, openOrganization } from '../../../test/support/pages.ts';

const bot = await startBlockbot();
const path = '/organization/usage';

async function make() {
  const organization = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = organization.people;
  if (!owner || !member) throw new Error('nobody there');
  return { ...organization, owner, member, here: await openOrganization(bot, owner, organization.id) };
}

/** @param ago in days, of the database's clock and in UTC, as usage is written */
const use = (keyId: string, ago: number, requests: number, refused: number) => bot.database.sql`
  insert into api_key_usage (key_id, day, requests, refused)
  values (${keyId}, (now() at time zone 'UTC')::date - ${ago}::int, ${requests}, ${refused})`;

const rowsIn = (text: string) =>
  [...text.matchAll(/<th scope="row">.*?<\/th>\s*<td>(.*?)<\/td>\s*<td>(.*?)<\/td>/gs)].map(
    ([, requests, refused]) => [requests, refused],
  );

test('the keys of an organization are added up by day, as bars and as rows, the newest first', async () => {
  const { id, here, member } = await make();
  const { keyId: first } = await insertApiKey(bot, { organizationId: id });
  const { keyId: personal } = await insertApiKey(bot, { organizationId: id, userId: member.user.id });
  await use(first, 0, 1500, 20);
  await use(personal, 0, 500, 0);
  await use(personal, 29, 10, 10);
  await use(first, 30, 7, 7);
  const text = await expectText(
    await here.get(path),
    200,
    /Requests: 2,010, refused: 30/,
    /Most in a day: 2,000/,
  );
  const rows = rowsIn(text);
  assert.equal(rows.length, 30);
  assert.deepEqual(rows[0], ['2,000', '20']);
  assert.deepEqual(rows[29], ['10', '10']);
  assert.ok(rows.slice(1, 29).every(([requests, refused]) => requests === '0' && refused === '0'));
  const bars = [...text.matchAll(/<rect (class="refused" )?x="(\d+)" y="(\d+)" width="9" height="(\d+)"/g)];
  const drawn = bars.map(([, refused, x, y, height]) => [refused ?? '', x, y, height].join(' ').trim());
  assert.equal(drawn.length, 32);
  assert.ok(drawn.includes('348 0 120'), 'the most is as tall as the picture');
  assert.ok(drawn.includes('class="refused"  348 0 2'), 'few are seen');
  assert.ok(drawn.includes('0 118 2'));
  const there = await openOrganization(bot, member, id);
  await expectText(await there.get(`${path}?organization=${id}`), 200, /Requests: 510, refused: 10/);
});

test('who has used no key is told so, and a stranger is told nothing', async () => {
  const { id, here } = await make();
  const text = await expectText(await here.get(path), 200, /No key was used/);
  assert.doesNotMatch(text, /<svg role/);
  assert.equal(rowsIn(text).length, 30);
  const { here: there } = await make();
  await expectText(await there.get(`${path}?organization=${id}`), 404, /href="\/organization"/);
});
