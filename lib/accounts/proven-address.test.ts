/** Whatever proves the address of an account is in its trail, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot();

const post = (path: string, body: object) => bot.send('POST', path, { body });
const eventsOf = async (email: string) => {
  const rows = await bot.database.sql<{ event: string }>`
    select event from audit_events join users on users.id = user_id
    where email = ${email} and event <> 'session.started' order by event`;
  return rows.map(({ event }) => event);
};

async function signInByLink(email: string, template: string) {
  await post('/v1/auth/magic-link', { email });
  const { token } = await lastEmail(bot, email, template);
  assert.equal((await post('/v1/auth/magic-link/verify', { token })).status, 200);
}

async function reset(email: string) {
  await post('/v1/auth/password/forgot', { email });
  const { token } = await lastEmail(bot, email, 'password-reset');
  const body = { token, new_password: 'another good password' };
  assert.equal((await post('/v1/auth/password/reset', body)).status, 204);
}

test('a first sign-in by link opens a verified account, and a second proves nothing new', async () => {
  const email = 'by-link@example.com';
  await signInByLink(email, 'sign-up');
  await signInByLink(email, 'sign-in');
  assert.deepEqual(await eventsOf(email), ['account.registered', 'email.verified']);
});

test('an account that was registered by password is proven by a sign-in by link', async () => {
  const { email } = await bot.register();
  assert.deepEqual(await eventsOf(email), ['account.registered']);
  await signInByLink(email, 'sign-in');
  await signInByLink(email, 'sign-in');
  assert.deepEqual(await eventsOf(email), ['account.registered', 'email.verified']);
});

test('a password that is reset by email proves the address, the first time', async () => {
  const { email } = await bot.register();
  await reset(email);
  await reset(email);
  assert.deepEqual(await eventsOf(email), [
    'account.registered',
    'email.verified',
    'password.reset',
    'password.reset',
  ]);
});
