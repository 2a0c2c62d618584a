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

suite('another address', () => {
  const change = (token: string, body: object) => post(bot, '/v1/auth/email/change', body, token);
  const confirm = (caller: string, token: string) => post(bot, '/v1/auth/email/confirm', { token }, caller);

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
    await expectEmpty(await confirm(access_token, token), 204);
    assert.equal((await names(bot, email)).at(-1), 'email-changed');
    await expectJson(await post(bot, '/v1/auth/login', { email: wanted, password }), 200);
    await expectProblem(await post(bot, '/v1/auth/login', { email, password }), 'invalid-credentials');
  });

  test('is confirmed by its code too, and ends every other session', async () => {
    const account = await bot.register();
    const wanted = 'wanted-by-code@example.com';
    const asked = await change(account.access_token, { email: wanted, password });
    const { binding } = await expectJson<{ binding: string }>(asked, 202);
    const login = { email: account.email, password };
    const other = await expectJson<{ refresh_token: string }>(await post(bot, '/v1/auth/login', login), 200);
    const { code } = await lastEmail(bot, wanted, 'email-change');
    const body = { email: wanted, code, binding };
    await expectEmpty(await post(bot, '/v1/auth/email/confirm', body, account.access_token), 204);
    const refresh = (refresh_token: string) => post(bot, '/v1/auth/refresh', { refresh_token });
    await expectProblem(await refresh(other.refresh_token), 'refresh-token-invalid');
    await expectJson(await refresh(account.refresh_token), 200);
  });

  test('is confirmed by nobody but the account that asked', async () => {
    const [asking, other] = [await bot.register(), await bot.register()];
    const wanted = 'somebody-elses@example.com';
    await change(asking.access_token, { email: wanted, password });
    const { token } = await lastEmail(bot, wanted, 'email-change');
    await expectProblem(await post(bot, '/v1/auth/email/confirm', { token }), 'authentication-required');
    await expectProblem(await confirm(other.access_token, token), 'verification-invalid');
    await expectEmpty(await confirm(asking.access_token, token), 204);
  });

  test('that a thief asked for is confirmed no more, however the owner ends the thief’s session', async () => {
    const owned = {
      'all other sessions': (owner: string) => bot.send('DELETE', '/v1/sessions', { token: owner }),
      'that session': (owner: string, id: string) =>
        bot.send('DELETE', `/v1/sessions/${id}`, { token: owner }),
      'the thief’s own refresh token': (_: string, __: string, refresh_token: string) =>
        post(bot, '/v1/auth/logout', { refresh_token }),
    };
    for (const [nth, [what, end]] of Object.entries(owned).entries()) {
      const owner = await bot.register();
      const login = { email: owner.email, password };
      const thief = await expectJson<{ access_token: string; refresh_token: string }>(
        await post(bot, '/v1/auth/login', login),
        200,
      );
      const wanted = `thief-ended-${nth}@example.com`;
      await expectJson(await change(thief.access_token, { email: wanted, password }), 202);
      const { token } = await lastEmail(bot, wanted, 'email-change');
      const { sid } = await bot.services.keys.verify(thief.access_token);
      await expectEmpty(await end(owner.access_token, sid, thief.refresh_token), 204);
      for (const caller of [thief.access_token, owner.access_token]) {
        const refused = await confirm(caller, token);
        assert.equal(refused.status === 401 || refused.status === 410, true, `${what}: ${refused.status}`);
      }
      const [row] = await bot.database.sql<{ email: string }>`
        select email from users where id = ${owner.user.id}`;
      assert.equal(row?.email, owner.email, what);
    }
  });

  test('that was asked for before the owner came is confirmed no more (pre-hijacking)', async () => {
    const attacker = await bot.register({ email: 'victim@example.com' });
    await change(attacker.access_token, { email: 'attacker@example.com', password });
    await post(bot, '/v1/auth/magic-link', { email: 'victim@example.com' });
    const { token: link } = await lastEmail(bot, 'victim@example.com', 'sign-in');
    const victim = await expectJson<{ access_token: string }>(
      await post(bot, '/v1/auth/magic-link/verify', { token: link }),
      200,
    );
    const { token } = await lastEmail(bot, 'attacker@example.com', 'email-change');
    for (const caller of [attacker.access_token, victim.access_token]) {
      await expectProblem(await confirm(caller, token), 'verification-invalid');
    }
    const me = await bot.send('GET', '/v1/me', { token: victim.access_token });
    assert.equal((await expectJson<{ user: { email: string } }>(me, 200)).user.email, 'victim@example.com');
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
    const { token } = await lastEmail(bot, email, 'email-change');
    await bot.register({ email });
    await expectProblem(await confirm(access_token, token), 'email-taken');
  });

  test('that several accounts confirm at once goes to one of them, and the others are told', async () => {
    const email = 'contested@example.com';
    const asked: (readonly [caller: string, token: string])[] = [];
    for (let i = 0; i < 5; i++) {
      const { access_token } = await bot.register();
      await change(access_token, { email, password });
      asked.push([access_token, (await lastEmail(bot, email, 'email-change')).token]);
    }
    const answers = await Promise.all(asked.map(([caller, token]) => confirm(caller, token)));
    const refused = answers.filter(({ status }) => status !== 204);
    assert.equal(refused.length, 4);
    for (const answer of refused) await expectProblem(answer, 'email-taken');
  });

  test('asked for again ends the email to the one asked for before', async () => {
    const { access_token } = await bot.register();
    await change(access_token, { email: 'mistyped@example.com', password });
    await change(access_token, { email: 'typed@example.com', password });
    const { token } = await lastEmail(bot, 'mistyped@example.com', 'email-change');
    await expectProblem(await confirm(access_token, token), 'verification-expired');
  });
});
