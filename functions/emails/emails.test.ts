import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot();
const strict = await startBlockbot({
  settings: { ...bot.services.settings, requireEmailVerification: true },
});
const password = 'correct horse battery staple';

const names = async (at: typeof bot, email: string) =>
  (await at.emails(email)).map(({ template }) => template);
const post = (at: typeof bot, path: string, body: object) => at.send('POST', path, { body });
const register = (email: string, more: object = {}) =>
  post(strict, '/v1/auth/register', { email, password, ...more });

/** What the registering client is answered. */
const bindingOf = async (response: Response) =>
  (await expectJson<{ binding: string }>(response, 202)).binding;
const verify = (body: object) => post(strict, '/v1/auth/email/verify', body);
const signIn = (email: string, with_: string = password) =>
  post(strict, '/v1/auth/login', { email, password: with_ });
const lastToken = async (email: string) => (await lastEmail(strict, email, 'email-verification')).token;

suite('where addresses must be verified', () => {
  test('an account signs in by password only after its email was opened', async () => {
    const email = 'new@example.com';
    const binding = await bindingOf(await register(email));
    assert.deepEqual(await names(strict, email), ['email-verification']);
    await expectProblem(await signIn(email), 'email-unverified');
    const token = await lastToken(email);
    const pair = await expectJson<{ access_token: string }>(await verify({ token, binding }), 200);
    const me = await strict.send('GET', '/v1/me', { token: pair.access_token });
    assert.equal(
      (await expectJson<{ user: { email_verified: boolean } }>(me, 200)).user.email_verified,
      true,
    );
    await expectJson(await signIn(email), 200);
    await expectProblem(await verify({ token, binding }), 'verification-used');
  });

  test('the code of the email verifies too', async () => {
    const email = 'by-code@example.com';
    const binding = await bindingOf(await register(email));
    const { code } = await lastEmail(strict, email, 'email-verification');
    await expectJson(await verify({ email, code, binding }), 200);
    await expectJson(await signIn(email), 200);
  });

  test('who confirms an address that somebody else registered does not confirm their password', async () => {
    const email = 'registered-by-a-stranger@example.com';
    await bindingOf(await register(email, { password: 'the password of a stranger' }));
    await expectJson(await verify({ token: await lastToken(email) }), 200);
    await expectProblem(await signIn(email, 'the password of a stranger'), 'invalid-credentials');
  });

  test('nor does who asks for the email again, and confirms with what they were answered', async () => {
    const email = 'asked-again@example.com';
    await bindingOf(await register(email, { password: 'the password of a stranger' }));
    const binding = await bindingOf(await post(strict, '/v1/auth/email/resend', { email }));
    const { code } = await lastEmail(strict, email, 'email-verification');
    await expectJson(await verify({ email, code, binding }), 200);
    await expectProblem(await signIn(email, 'the password of a stranger'), 'invalid-credentials');
  });

  test('the sessions of whoever registered an address end when somebody else confirms it', async () => {
    const { email, refresh_token } = await bot.register();
    const { token } = await lastEmail(bot, email, 'email-verification');
    await expectJson(await post(bot, '/v1/auth/email/verify', { token }), 200);
    await expectProblem(await post(bot, '/v1/auth/refresh', { refresh_token }), 'refresh-token-invalid');
  });

  test('who knows the password confirms it from wherever, and a wrong one uses nothing up', async () => {
    const email = 'on-a-phone@example.com';
    await bindingOf(await register(email));
    const token = await lastToken(email);
    await expectProblem(await verify({ token, password: 'not the password' }), 'password-incorrect');
    await expectJson(await verify({ token, password }), 200);
    await expectJson(await signIn(email), 200);
  });

  test('registering a verified address is answered as ever, and told to its owner alone', async () => {
    const email = 'owner@example.com';
    const binding = await bindingOf(await register(email));
    const { code } = await lastEmail(strict, email, 'email-verification');
    await expectJson(await verify({ email, code, binding }), 200);
    await bindingOf(await register(email, { password: 'the password of a stranger' }));
    assert.deepEqual(await names(strict, email), ['email-verification', 'already-registered']);
    await expectJson(await signIn(email), 200);
  });

  test('a stranger who registers an address once more takes neither its password nor its email away', async () => {
    const email = 'twice@example.com';
    const binding = await bindingOf(await register(email));
    const token = await lastToken(email);
    await bindingOf(await register(email, { password: 'the password of a stranger' }));
    await expectJson(await verify({ token, binding }), 200);
    await expectProblem(await signIn(email, 'the password of a stranger'), 'invalid-credentials');
    await expectJson(await signIn(email), 200);
  });

  test('the client that registered an address sets another password by registering it again', async () => {
    const email = 'another-password@example.com';
    const binding = await bindingOf(await register(email));
    await bindingOf(await register(email, { binding, password: 'a better password of mine' }));
    await expectJson(await verify({ token: await lastToken(email), binding }), 200);
    await expectProblem(await signIn(email), 'invalid-credentials');
    await expectJson(await signIn(email, 'a better password of mine'), 200);
  });

  test('the email is mailed anew to an unverified account, and to nobody else', async () => {
    const email = 'again@example.com';
    const binding = await bindingOf(await register(email));
    await bindingOf(await post(strict, '/v1/auth/email/resend', { email, binding }));
    const [, newer] = await strict.emails(email);
    assert.ok(newer);
    await expectJson(await verify({ token: newer.token, binding }), 200);
    await expectJson(await signIn(email), 200);
    for (const address of [email, 'nobody@example.com']) {
      await bindingOf(await post(strict, '/v1/auth/email/resend', { email: address }));
    }
    assert.equal((await strict.emails(email)).length, 2);
    assert.deepEqual(await strict.emails('nobody@example.com'), []);
  });

  test('a verification that nobody was mailed is dead, and a verified address takes none', async () => {
    const email = 'verified@example.com';
    const binding = await bindingOf(await register(email));
    const spare = await bindingOf(await post(strict, '/v1/auth/email/resend', { email, binding }));
    const [first, second] = await strict.emails(email);
    assert.ok(first && second && spare === binding);
    await expectJson(await verify({ token: first.token, binding }), 200);
    await expectProblem(await verify({ token: second.token, binding }), 'verification-expired');
    await bindingOf(await post(strict, '/v1/auth/email/resend', { email }));
    const [dead] = await strict.database.sql<{ isDead: boolean }>`
      select expires_at <= created_at as is_dead from magic_links
      where email = ${email} order by created_at desc limit 1`;
    assert.equal(dead?.isDead, true);
  });
});

test('where they need not be, registering mails an email all the same', async () => {
  const { email } = await bot.register();
  assert.deepEqual(await names(bot, email), ['email-verification']);
});

test('with sign-up closed nobody registers', async () => {
  const closed = await startBlockbot({ settings: { ...bot.services.settings, signUpOpen: false } });
  const body = { email: 'late@example.com', password };
  await expectProblem(await post(closed, '/v1/auth/register', body), 'sign-up-closed');
});
