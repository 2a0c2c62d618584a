import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot();
const strict = await startBlockbot({
  settings: { ...bot.services.settings, requireEmailVerification: true },
});
const password = 'correct horse battery staple';

const names = async (at: typeof bot, email: string) =>
  (await at.emails(email)).map(({ template }) => template);
const post = (at: typeof bot, path: string, body: object, token?: string) =>
  at.send('POST', path, { body, ...(token !== undefined && { token }) });
const register = (email: string, more: object = {}) =>
  post(strict, '/v1/auth/register', { email, password, ...more });

suite('where addresses must be verified', () => {
  test('an account signs in by password only after its email was opened', async () => {
    const email = 'new@example.com';
    await expectJson(await register(email), 202);
    assert.deepEqual(await names(strict, email), ['email-verification']);
    await expectProblem(await post(strict, '/v1/auth/login', { email, password }), 'email-unverified');
    const { token } = await lastEmail(strict, email, 'email-verification');
    const pair = await expectJson<{ access_token: string }>(
      await post(strict, '/v1/auth/email/verify', { token }),
      200,
    );
    const me = await strict.send('GET', '/v1/me', { token: pair.access_token });
    assert.equal(
      (await expectJson<{ user: { email_verified: boolean } }>(me, 200)).user.email_verified,
      true,
    );
    await expectJson(await post(strict, '/v1/auth/login', { email, password }), 200);
    await expectProblem(await post(strict, '/v1/auth/email/verify', { token }), 'verification-used');
  });

  test('the code of the email verifies too', async () => {
    const email = 'by-code@example.com';
    await register(email);
    const { code } = await lastEmail(strict, email, 'email-verification');
    await expectJson(await post(strict, '/v1/auth/email/verify', { email, code }), 200);
    await expectJson(await post(strict, '/v1/auth/login', { email, password }), 200);
  });

  test('registering a verified address is answered as ever, and told to its owner alone', async () => {
    const email = 'owner@example.com';
    await register(email);
    const { code } = await lastEmail(strict, email, 'email-verification');
    await expectJson(await post(strict, '/v1/auth/email/verify', { email, code }), 200);
    await expectJson(await register(email, { password: 'the password of a stranger' }), 202);
    assert.deepEqual(await names(strict, email), ['email-verification', 'already-registered']);
    await expectJson(await post(strict, '/v1/auth/login', { email, password }), 200);
  });

  test('an address that was registered twice before it was proven has the password of neither', async () => {
    const email = 'twice@example.com';
    await register(email);
    await register(email, { password: 'the password of a stranger' });
    const { token } = await lastEmail(strict, email, 'email-verification');
    await expectJson(await post(strict, '/v1/auth/email/verify', { token }), 200);
    for (const guess of [password, 'the password of a stranger']) {
      const login = await post(strict, '/v1/auth/login', { email, password: guess });
      await expectProblem(login, 'invalid-credentials');
    }
  });

  test('the email is mailed anew to an unverified account, and to nobody else', async () => {
    const email = 'again@example.com';
    await register(email);
    await expectJson(await post(strict, '/v1/auth/email/resend', { email }), 202);
    const [older, newer] = await strict.emails(email);
    assert.ok(older && newer);
    await expectProblem(
      await post(strict, '/v1/auth/email/verify', { token: older.token }),
      'verification-expired',
    );
    await expectJson(await post(strict, '/v1/auth/email/verify', { token: newer.token }), 200);
    for (const address of [email, 'nobody@example.com']) {
      await expectJson(await post(strict, '/v1/auth/email/resend', { email: address }), 202);
    }
    assert.equal((await strict.emails(email)).length, 2);
    assert.deepEqual(await strict.emails('nobody@example.com'), []);
  });
});

test('where they need not be, registering mails a template all the same', async () => {
  const { email } = await bot.register();
  assert.deepEqual(await names(bot, email), ['email-verification']);
});

test('with sign-up closed nobody registers', async () => {
  const closed = await startBlockbot({ settings: { ...bot.services.settings, signUpOpen: false } });
  const body = { email: 'late@example.com', password };
  await expectProblem(await post(closed, '/v1/auth/register', body), 'sign-up-closed');
});

suite('another address', () => {
  const change = (token: string, body: object) => post(bot, '/v1/auth/email/change', body, token);

  test('is confirmed from the new one and told to the old one', async () => {
    const { access_token, email } = await bot.register();
    const wanted = 'wanted@example.com';
    await expectJson(await change(access_token, { email: wanted, password }), 202);
    assert.deepEqual(await names(bot, email), ['email-verification', 'email-change-asked']);
    const { token } = await lastEmail(bot, wanted, 'email-change');
    const before = await expectJson<{ user: { email: string } }>(
      await bot.send('GET', '/v1/me', { token: access_token }),
      200,
    );
    assert.equal(before.user.email, email);
    await expectEmpty(await post(bot, '/v1/auth/email/confirm', { token }), 204);
    assert.equal((await names(bot, email)).at(-1), 'email-changed');
    await expectJson(await post(bot, '/v1/auth/login', { email: wanted, password }), 200);
    await expectProblem(await post(bot, '/v1/auth/login', { email, password }), 'invalid-credentials');
  });

  test('wants the password', async () => {
    const { access_token } = await bot.register();
    for (const body of [{ password: 'not the password' }, {}]) {
      const refused = await change(access_token, { email: 'wanted-too@example.com', ...body });
      await expectProblem(refused, 'password-incorrect');
    }
    assert.deepEqual(await bot.emails('wanted-too@example.com'), []);
  });

  test('that has an account gets no email, and whoever asks is not told', async () => {
    const { email: taken } = await bot.register();
    const { access_token } = await bot.register();
    await expectJson(await change(access_token, { email: taken, password }), 202);
    assert.deepEqual(await names(bot, taken), ['email-verification']);
  });

  test('that has got an account meanwhile is refused', async () => {
    const { access_token } = await bot.register();
    const email = 'raced-for@example.com';
    await change(access_token, { email, password });
    await bot.register({ email });
    const { token } = await lastEmail(bot, email, 'email-change');
    await expectProblem(await post(bot, '/v1/auth/email/confirm', { token }), 'email-taken');
  });

  test('that several accounts confirm at once goes to one of them, and the others are told', async () => {
    const email = 'contested@example.com';
    const tokens: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { access_token } = await bot.register();
      await change(access_token, { email, password });
      tokens.push((await lastEmail(bot, email, 'email-change')).token);
    }
    const answers = await Promise.all(tokens.map((token) => post(bot, '/v1/auth/email/confirm', { token })));
    const refused = answers.filter(({ status }) => status !== 204);
    assert.equal(refused.length, 4);
    for (const answer of refused) await expectProblem(answer, 'email-taken');
  });

  test('asked for again ends the email to the one asked for before', async () => {
    const { access_token } = await bot.register();
    await change(access_token, { email: 'mistyped@example.com', password });
    await change(access_token, { email: 'typed@example.com', password });
    const { token } = await lastEmail(bot, 'mistyped@example.com', 'email-change');
    await expectProblem(await post(bot, '/v1/auth/email/confirm', { token }), 'verification-expired');
  });
});
