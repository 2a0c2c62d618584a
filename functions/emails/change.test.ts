import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { createDeafStore } from '../../test/support/deaf-store.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot({ rateLimits: createDeafStore() });
const password = 'correct horse battery staple';

const names = async (email: string) => (await bot.emails(email)).map(({ template }) => template);
const post = (path: string, body: object, token?: string) =>
  bot.send('POST', path, { body, ...(token !== undefined && { token }) });

suite('another address', () => {
  const change = (token: string, body: object) => post('/v1/auth/email/change', body, token);
  const confirm = (caller: string, token: string) => post('/v1/auth/email/confirm', { token }, caller);

  test('is confirmed from the new one and told to the old one', async () => {
    const { access_token, email } = await bot.register();
    const wanted = 'wanted@example.com';
    await expectJson(await change(access_token, { email: wanted, password }), 202);
    assert.deepEqual(await names(email), ['email-verification', 'email-change-asked']);
    const { token } = await lastEmail(bot, wanted, 'email-change');
    const before = await expectJson<{ user: { email: string } }>(
      await bot.send('GET', '/v1/me', { token: access_token }),
      200,
    );
    assert.equal(before.user.email, email);
    await expectEmpty(await confirm(access_token, token), 204);
    assert.equal((await names(email)).at(-1), 'email-changed');
    await expectJson(await post('/v1/auth/login', { email: wanted, password }), 200);
    await expectProblem(await post('/v1/auth/login', { email, password }), 'invalid-credentials');
  });

  test('is confirmed by its code too, and ends every other session', async () => {
    const account = await bot.register();
    const wanted = 'wanted-by-code@example.com';
    const asked = await change(account.access_token, { email: wanted, password });
    const { binding } = await expectJson<{ binding: string }>(asked, 202);
    const login = { email: account.email, password };
    const other = await expectJson<{ refresh_token: string }>(await post('/v1/auth/login', login), 200);
    const { code } = await lastEmail(bot, wanted, 'email-change');
    const body = { email: wanted, code, binding };
    await expectEmpty(await post('/v1/auth/email/confirm', body, account.access_token), 204);
    const refresh = (refresh_token: string) => post('/v1/auth/refresh', { refresh_token });
    await expectProblem(await refresh(other.refresh_token), 'refresh-token-invalid');
    await expectJson(await refresh(account.refresh_token), 200);
  });

  test('is confirmed by nobody but the account that asked', async () => {
    const [asking, other] = [await bot.register(), await bot.register()];
    const wanted = 'somebody-elses@example.com';
    await change(asking.access_token, { email: wanted, password });
    const { token } = await lastEmail(bot, wanted, 'email-change');
    await expectProblem(await post('/v1/auth/email/confirm', { token }), 'authentication-required');
    await expectProblem(await confirm(other.access_token, token), 'verification-invalid');
    await expectEmpty(await confirm(asking.access_token, token), 204);
  });

  test('that a thief asked for is confirmed no more, however the owner ends the thief’s session', async () => {
    const owned = {
      'all other sessions': (owner: string) => bot.send('DELETE', '/v1/sessions', { token: owner }),
      'that session': (owner: string, id: string) =>
        bot.send('DELETE', `/v1/sessions/${id}`, { token: owner }),
      'the thief’s own refresh token': (_: string, __: string, refresh_token: string) =>
        post('/v1/auth/logout', { refresh_token }),
    };
    for (const [nth, [what, end]] of Object.entries(owned).entries()) {
      const owner = await bot.register();
      const login = { email: owner.email, password };
      const thief = await expectJson<{ access_token: string; refresh_token: string }>(
        await post('/v1/auth/login', login),
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
    await post('/v1/auth/magic-link', { email: 'victim@example.com' });
    const { token: link } = await lastEmail(bot, 'victim@example.com', 'sign-in');
    const victim = await expectJson<{ access_token: string }>(
      await post('/v1/auth/magic-link/verify', { token: link }),
      200,
    );
    const { token } = await lastEmail(bot, 'attacker@example.com', 'email-change');
    for (const caller of [attacker.access_token, victim.access_token]) {
      await expectProblem(await confirm(caller, token), 'verification-expired');
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
    assert.deepEqual(await names(taken), ['email-verification']);
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
