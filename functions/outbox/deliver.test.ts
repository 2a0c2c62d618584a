import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { documented } from '../../test/support/documented.ts';
import send from './deliver.ts';

const bot = await startBlockbot();
const { cronSecret: token = '' } = bot.services.settings;

test('outbox/deliver sends what waits and answers what became of it', async () => {
  const { email } = await bot.register();
  const ask = () => bot.send('POST', '/v1/outbox/deliver', { token }, send);
  assert.deepEqual(await expectJson(await ask(), 200), { sent: 1, failed: 0, dead: 0 });
  assert.deepEqual(await expectJson(await ask(), 200), { sent: 0, failed: 0, dead: 0 });
  const emails = await bot.emails(email);
  assert.deepEqual(
    emails.map(({ template, to }) => [template, to]),
    [['email-verification', email]],
  );
});

test('outbox/deliver does nothing for who does not know the secret, a signed-in person included', async () => {
  const { access_token } = await bot.register();
  for (const headers of [
    {},
    { Authorization: '' },
    { Authorization: 'Bearer' },
    { Authorization: 'Bearer undefined' },
    { Authorization: `Bearer ${token.slice(0, -1)}` },
    { Authorization: `bearer ${token}x` },
    { Authorization: `Basic ${token}` },
    { Authorization: `Bearer ${access_token}` },
  ]) {
    const response = await bot.send('POST', '/v1/outbox/deliver', { headers }, send);
    await expectProblem(response, 'authentication-required');
  }
  const waiting = await bot.database.sql`select id from outbox where sent_at is null`;
  assert.equal(waiting.length, 1);
});

test('outbox/deliver is for nobody where no secret is set', async () => {
  const services = { ...bot.services, settings: { ...bot.services.settings, cronSecret: undefined } };
  for (const authorization of [`Bearer ${token}`, 'Bearer undefined', 'Bearer ']) {
    const request = { method: 'POST', headers: { Authorization: authorization } };
    const answer = await send.request('/v1/outbox/deliver', request, services);
    const response = await documented('POST', '/v1/outbox/deliver', answer);
    await expectProblem(response, 'authentication-required');
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer/);
  }
});
