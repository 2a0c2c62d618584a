/** A mailbox that is due no more emails is answered like any other, after the same work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { expectJson } from '../../test/support/responses.ts';
import { mailbox } from '../rate-limit/policies.ts';

const settled = await startBlockbot();
const bot = await startBlockbot({
  settings: { ...settled.services.settings, requireEmailVerification: true },
});
const password = 'correct horse battery staple';

const exhaust = async (key: string) => {
  for (let nth = 0; nth < mailbox.limit; nth++) {
    await bot.services.rateLimits.take([{ policy: mailbox, key, id: `email ${nth}` }]);
  }
};
const register = (body: object) => bot.send('POST', '/v1/auth/register', { body: { password, ...body } });
const rowsTo = async (email: string) => {
  const rows = await bot.database.sql<{ isDead: boolean }>`
    select expires_at <= created_at as is_dead from magic_links where email = ${email} order by created_at, id`;
  return rows.map(({ isDead }) => isDead);
};

/** What is asked for an address, by a signed-in stranger where it has to be somebody. */
const asks = {
  '/v1/auth/magic-link': {},
  '/v1/auth/password/forgot': {},
  '/v1/auth/email/resend': {},
  '/v1/auth/register': { password },
} as const;

for (const [path, more] of Object.entries(asks)) {
  test(`${path} does the same work for a mailbox that is due no more emails, and mails nothing`, async () => {
    const email = `exhausted-${path.replaceAll('/', '-')}@example.com`;
    const ask = (address: string) => bot.send('POST', path, { body: { email: address, ...more } });
    await expectJson(await register({ email }), 202);
    const [mails, rows] = [(await bot.emails(email)).length, (await rowsTo(email)).length];
    await exhaust(`mailbox:${email}`);
    const statements = [];
    for (const address of [email, `nobody-${email}`]) {
      bot.countStatements();
      await expectJson(await ask(address), 202);
      statements.push(bot.countStatements());
    }
    assert.equal(statements[0], statements[1]);
    assert.equal((await bot.emails(email)).length, mails);
    const written = (await rowsTo(email)).slice(rows);
    assert.deepEqual(written, [true], 'one is written, dead');
  });
}

test('a change of address that is due no more emails does the same work, mails nothing and tells nobody', async () => {
  const account = await settled.register();
  const change = (email: string) =>
    settled.send('POST', '/v1/auth/email/change', { body: { email, password }, token: account.access_token });
  settled.countStatements();
  await expectJson(await change('wanted@example.com'), 202);
  const statements = settled.countStatements();
  for (let nth = 1; nth < mailbox.limit; nth++) await change('wanted@example.com');
  const mails = (await settled.emails()).length;
  settled.countStatements();
  await expectJson(await change('wanted@example.com'), 202);
  assert.equal(settled.countStatements(), statements);
  assert.equal((await settled.emails()).length, mails);
  const pending = await settled.database.sql`
    select id from magic_links where email = 'wanted@example.com' and expires_at > now()`;
  assert.equal(pending.length, 1, 'the email before stays good');
});

test('asking where no more emails are due ends none that was mailed before', async () => {
  const email = 'reader@example.com';
  const asked = await bot.send('POST', '/v1/auth/magic-link', { body: { email } });
  const { binding } = await expectJson<{ binding: string }>(asked, 202);
  await bot.database.sql`
    update magic_links set created_at = created_at - interval '2 minutes' where email = ${email}`;
  await exhaust(`mailbox:${email}`);
  await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body: { email, binding } }), 202);
  const pending = await bot.database.sql`
    select id from magic_links where email = ${email} and expires_at > now()`;
  assert.equal(pending.length, 1);
});
