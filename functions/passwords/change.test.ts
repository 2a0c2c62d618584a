import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import change from './change.ts';

const bot = await startBlockbot();
const changePassword = (token: string, current_password: string, new_password: string) =>
  bot.send('POST', '/v1/auth/password/change', { token, body: { current_password, new_password } }, change);
const signIn = (email: string, password: string) =>
  bot.send('POST', '/v1/auth/login', { body: { email, password } });
const refresh = (refresh_token: string) => bot.send('POST', '/v1/auth/refresh', { body: { refresh_token } });

test('a changed password signs in, the old one does not, and the other sessions have ended', async () => {
  const { email, password, refresh_token: other } = await bot.register();
  const here = await expectJson<{ access_token: string; refresh_token: string }>(
    await signIn(email, password),
    200,
  );
  await expectEmpty(await changePassword(here.access_token, password, 'a new password'), 204);
  await expectProblem(await signIn(email, password), 'invalid-credentials');
  await expectJson(await signIn(email, 'a new password'), 200);
  await expectProblem(await refresh(other), 'refresh-token-invalid');
  await expectJson(await refresh(here.refresh_token), 200);
});

test('a password that others would try first is refused, and nothing is changed', async () => {
  const { email, password, access_token } = await bot.register({ name: 'Grace Brewster Hopper' });
  for (const common of ['iloveyou', 'Blockbot2026', 'Brewster1', email, 'api.example.com']) {
    const refused = await changePassword(access_token, password, common);
    const { errors } = await expectProblem(refused, 'invalid-input');
    assert.deepEqual(
      errors?.map(({ pointer, code }) => [pointer, code]),
      [['#/new_password', 'too-common']],
      common,
    );
  }
  await expectProblem(await changePassword(access_token, 'not it', 'iloveyou'), 'password-incorrect');
  await expectJson(await signIn(email, password), 200);
});

test('a wrong current password changes nothing', async () => {
  const { email, password, access_token } = await bot.register();
  await expectProblem(await changePassword(access_token, 'not it', 'a new password'), 'password-incorrect');
  await expectJson(await signIn(email, password), 200);
});
