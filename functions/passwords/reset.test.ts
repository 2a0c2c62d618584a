import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { createDeafStore } from '../../test/support/deaf-store.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot({ rateLimits: createDeafStore() });
const newPassword = 'another good password';
const post = (path: string, body: object, token?: string) =>
  bot.send('POST', path, { body, ...(token !== undefined && { token }) });
const reset = (body: object) => post('/v1/auth/password/reset', { new_password: newPassword, ...body });

async function forgot(email: string) {
  const asked = await post('/v1/auth/password/forgot', { email });
  const { binding } = await expectJson<{ binding: string }>(asked, 202);
  return { binding, ...(await lastEmail(bot, email, 'password-reset')) };
}

/** An account that was opened by a mailed link. */
async function openByLink(email: string): Promise<string> {
  await post('/v1/auth/magic-link', { email });
  const { token } = await lastEmail(bot, email, 'sign-up');
  const response = await post('/v1/auth/magic-link/verify', { token });
  return (await expectJson<{ access_token: string }>(response, 200)).access_token;
}

const makeOlder = (email: string) => bot.database.sql`
  update refresh_tokens set created_at = now() - interval '16 minutes'
  where user_id in (select id from users where email = ${email})`;

suite('a forgotten password', () => {
  test('is set anew by the email, which ends every session and tells', async () => {
    const { email, password, refresh_token } = await bot.register();
    const { token } = await forgot(email);
    await expectEmpty(await reset({ token }), 204);
    await expectJson(await post('/v1/auth/login', { email, password: newPassword }), 200);
    await expectProblem(await post('/v1/auth/login', { email, password }), 'invalid-credentials');
    await expectProblem(await post('/v1/auth/refresh', { refresh_token }), 'refresh-token-invalid');
    await expectProblem(await reset({ token }), 'verification-used');
    assert.equal((await bot.emails(email)).at(-1)?.template, 'password-changed');
  });

  test('is set by the code of the email too, and proves the address', async () => {
    const { email } = await bot.register();
    const { code, binding } = await forgot(email);
    await expectEmpty(await reset({ email, code, binding }), 204);
    const [row] = await bot.database.sql<{ verified: boolean }>`
      select email_verified_at is not null as verified from users where email = ${email}`;
    assert.equal(row?.verified, true);
  });

  test('ends whatever other email of the mailbox could still sign in', async () => {
    const { email } = await bot.register();
    await post('/v1/auth/magic-link', { email });
    const { token: signIn } = await lastEmail(bot, email, 'sign-in');
    const { token } = await forgot(email);
    await expectEmpty(await reset({ token }), 204);
    await expectProblem(await post('/v1/auth/magic-link/verify', { token: signIn }), 'verification-expired');
  });

  test('and a changed one end a change of address that a thief has asked for', async () => {
    for (const [nth, renew] of [
      async (account: { email: string }) => reset({ token: (await forgot(account.email)).token }),
      (account: { password: string; access_token: string }) => {
        const body = { current_password: account.password, new_password: newPassword };
        return post('/v1/auth/password/change', body, account.access_token);
      },
    ].entries()) {
      const account = await bot.register();
      const wanted = `thief-${nth}@example.com`;
      const ask = { email: wanted, password: account.password };
      await expectJson(await post('/v1/auth/email/change', ask, account.access_token), 202);
      const { token } = await lastEmail(bot, wanted, 'email-change');
      await expectEmpty(await renew(account), 204);
      const confirm = await post('/v1/auth/email/confirm', { token }, account.access_token);
      await expectProblem(confirm, 'verification-expired');
    }
  });

  test('that is refused leaves the email as good as it was', async () => {
    const { email } = await bot.register();
    const { token } = await forgot(email);
    await expectProblem(await reset({ token, new_password: 'short' }), 'invalid-input');
    await expectEmpty(await reset({ token }), 204);
  });

  test('is set to nothing that others would try first, and link and code stay good', async () => {
    const account = await bot.register({ email: 'grace@example.com', name: 'Grace Brewster Hopper' });
    const { token, code, binding } = await forgot(account.email);
    for (const shown of [{ token }, { email: account.email, code, binding }]) {
      for (const common of ['iloveyou', 'grace@example.com', 'Brewster1', 'GraceBrewsterHopper']) {
        const { errors } = await expectProblem(
          await reset({ ...shown, new_password: common }),
          'invalid-input',
        );
        assert.deepEqual(
          errors?.map(({ pointer, code }) => [pointer, code]),
          [['#/new_password', 'too-common']],
          common,
        );
      }
    }
    const { email, password } = account;
    await expectJson(await post('/v1/auth/login', { email, password }), 200);
    await expectEmpty(await reset({ email, code, binding }), 204);
  });

  test('is refused alike by the names of accounts, as long as the code is a guess', async () => {
    await bot.register({ email: 'ada@example.com', name: 'Ada King Lovelace' });
    const { code, binding } = await forgot('ada@example.com');
    const guess = { email: 'ada@example.com', code: code === '000000' ? '000001' : '000000', binding };
    for (const new_password of ['Lovelace1', 'Hopper123']) {
      await expectProblem(await reset({ ...guess, new_password }), 'verification-invalid');
    }
  });

  test('of an address without an account mails nothing', async () => {
    await expectJson(await post('/v1/auth/password/forgot', { email: 'nobody@example.com' }), 202);
    assert.deepEqual(await bot.emails('nobody@example.com'), []);
    const [row] = await bot.database.sql<{ id: string }>`
      select id from magic_links where email = 'nobody@example.com'`;
    assert.ok(row, 'the same is written down for everybody');
  });

  test('gives a first one to an account that was opened by a link', async () => {
    const email = 'link-only@example.com';
    await openByLink(email);
    const { token } = await forgot(email);
    await expectEmpty(await reset({ token }), 204);
    await expectJson(await post('/v1/auth/login', { email, password: newPassword }), 200);
  });
});

suite('an account without a password', () => {
  test('sets its first one within fifteen minutes of signing in', async () => {
    const email = 'first-password@example.com';
    const token = await openByLink(email);
    const body = { new_password: newPassword };
    await expectEmpty(await post('/v1/auth/password/change', body, token), 204);
    await expectJson(await post('/v1/auth/login', { email, password: newPassword }), 200);
    await expectProblem(await post('/v1/auth/password/change', body, token), 'password-incorrect');
  });

  test('is asked to sign in again by what can not be undone, once its session is older', async () => {
    const email = 'older@example.com';
    const token = await openByLink(email);
    await makeOlder(email);
    for (const [method, path, body] of [
      ['POST', '/v1/auth/password/change', { new_password: newPassword }],
      ['POST', '/v1/auth/email/change', { email: 'elsewhere@example.com' }],
      ['DELETE', '/v1/me', {}],
    ] as const) {
      const response = await bot.send(method, path, { body, token });
      await expectProblem(response, 'reauthentication-required');
      assert.match(
        response.headers.get('www-authenticate') ?? '',
        /insufficient_user_authentication.*max_age=900/,
      );
    }
    await expectEmpty(await bot.send('DELETE', '/v1/me', { body: {}, token: await openAgain(email) }), 204);
  });

  async function openAgain(email: string): Promise<string> {
    await post('/v1/auth/magic-link', { email });
    const { token } = await lastEmail(bot, email, 'sign-in');
    const response = await post('/v1/auth/magic-link/verify', { token });
    return (await expectJson<{ access_token: string }>(response, 200)).access_token;
  }
});

suite('its owner is told by email', () => {
  const login = (account: { email: string; password: string }, userAgent: string) =>
    bot.send('POST', '/v1/auth/login', {
      body: { email: account.email, password: account.password },
      headers: { 'User-Agent': userAgent },
    });
  const noticesOf = async (email: string) =>
    (await bot.emails(email)).filter(({ template }) => template !== 'email-verification');

  test('of a sign-in from a device that the account has not seen, and of no other', async () => {
    const account = await bot.register();
    assert.deepEqual(await noticesOf(account.email), []);
    await login(account, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    const [notice, ...more] = await noticesOf(account.email);
    assert.deepEqual(more, []);
    assert.equal(notice?.template, 'new-device');
    assert.match(notice?.text ?? '', /Firefox on Linux/);
    await login(account, 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0');
    assert.equal((await noticesOf(account.email)).length, 1);
    const parallel = Array.from({ length: 5 }, () => login(account, 'Mozilla/5.0 (iPhone) Safari/604.1'));
    await Promise.all(parallel);
    assert.equal((await noticesOf(account.email)).length, 2);
  });

  test('of five such devices in an hour, for its address may be of somebody who knows nothing of it', async () => {
    const account = await bot.register();
    for (const name of ['Ada', 'Ben', 'Cy', 'Dee', 'Eve', 'Fay', 'Gus']) await login(account, name);
    assert.equal((await noticesOf(account.email)).length, 5);
  });

  test('of a changed password', async () => {
    const { email, password, access_token } = await bot.register();
    const body = { current_password: password, new_password: newPassword };
    await expectEmpty(await post('/v1/auth/password/change', body, access_token), 204);
    assert.deepEqual(
      (await noticesOf(email)).map(({ template }) => template),
      ['password-changed'],
    );
  });

  test('of a session that was ended because an old refresh token came back, once', async () => {
    const { email, refresh_token } = await bot.register();
    const rotated = await post('/v1/auth/refresh', { refresh_token });
    const next = await expectJson<{ refresh_token: string }>(rotated, 200);
    await post('/v1/auth/refresh', { refresh_token: next.refresh_token });
    for (let i = 0; i < 2; i++) await post('/v1/auth/refresh', { refresh_token });
    assert.deepEqual(
      (await noticesOf(email)).map(({ template }) => template),
      ['session-ended'],
    );
  });

  test('in words of ours alone, whatever the device calls itself', async () => {
    const account = await bot.register();
    await login(account, '<script>alert(1)</script> Buy now https://evil.example');
    const [notice] = await noticesOf(account.email);
    assert.ok(notice?.template === 'new-device');
    assert.match(notice.text, /unknown device/);
    assert.doesNotMatch(notice.text + notice.html, /script>|evil/);
  });
});
