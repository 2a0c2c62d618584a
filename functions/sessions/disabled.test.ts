/** What a disabled account can do, which is nothing, and who learns that it is disabled. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();
const newPassword = 'another good password';
const post = (path: string, body: object) => bot.send('POST', path, { body });

/** No more than the column: what ends with it, `npm run users -- disable` ends, and scripts/users.test.ts looks at. */
async function disable(id: string): Promise<void> {
  await bot.database.sql`update users set disabled_at = now(), disabled_reason = 'abuse' where id = ${id}`;
}

async function enable(id: string): Promise<void> {
  await bot.database.sql`update users set disabled_at = null, disabled_reason = null where id = ${id}`;
}

async function registerDisabled() {
  const account = await bot.register();
  await disable(account.user.id);
  return account;
}

test('a session of a disabled account ends at once wherever it is looked at, and is not refreshed', async () => {
  const { access_token: token, refresh_token, user } = await bot.register();
  await disable(user.id);
  for (const path of ['/v1/me', '/v1/sessions', '/v1/organizations', '/v1/me/export']) {
    await expectProblem(await bot.send('GET', path, { token }), 'session-ended');
  }
  await expectProblem(await bot.send('PATCH', '/v1/me', { token, body: { name: 'Ada' } }), 'session-ended');
  await expectProblem(await post('/v1/auth/refresh', { refresh_token }), 'refresh-token-invalid');
});

test('only the right password is told that the account is disabled, and no session starts', async () => {
  const { email, password, user } = await registerDisabled();
  const count = () => bot.database.sql<{ count: number }>`
    select count(*)::int as count from refresh_tokens where user_id = ${user.id}`;
  const before = await count();
  await expectProblem(await post('/v1/auth/login', { email, password }), 'account-disabled');
  assert.deepEqual(await count(), before);
  await enable(user.id);
  await expectJson(await post('/v1/auth/login', { email, password }), 200);
});

test('a wrong password gets the answer and the work of any account', async () => {
  const [known, disabled] = [await bot.register(), await registerDisabled()];
  const answers = [];
  for (const email of [known.email, disabled.email]) {
    bot.countStatements();
    const refused = await post('/v1/auth/login', { email, password: 'not the password' });
    const { request_id: _, ...document } = await expectProblem(refused, 'invalid-credentials');
    answers.push({ document, statements: bot.countStatements() });
  }
  assert.deepEqual(answers[0], answers[1]);
});

test('nothing is mailed to sign in by, to verify by or to reset by, and the answer is that of any account', async () => {
  const [known, disabled] = [await bot.register(), await registerDisabled()];
  const mailed = async (email: string) => (await bot.emails(email)).map(({ template }) => template).slice(1);
  for (const path of ['/v1/auth/magic-link', '/v1/auth/email/resend', '/v1/auth/password/forgot']) {
    const answers = [];
    for (const email of [known.email, disabled.email]) {
      bot.countStatements();
      const { binding, ...answer } = await expectJson<{ binding: string }>(await post(path, { email }), 202);
      answers.push({ answer, length: binding.length, statements: bot.countStatements() });
    }
    assert.deepEqual(answers[0], answers[1], path);
  }
  assert.deepEqual(await mailed(known.email), ['sign-in', 'email-verification', 'password-reset']);
  assert.deepEqual(await mailed(disabled.email), []);
});

suite('an email of before', () => {
  const uses = {
    'signs in': { asks: '/v1/auth/magic-link', uses: '/v1/auth/magic-link/verify', template: 'sign-in' },
    verifies: {
      asks: '/v1/auth/email/resend',
      uses: '/v1/auth/email/verify',
      template: 'email-verification',
    },
    resets: { asks: '/v1/auth/password/forgot', uses: '/v1/auth/password/reset', template: 'password-reset' },
  };
  for (const [name, way] of Object.entries(uses)) {
    test(`${name} nobody, and says why to whoever has proven the mailbox`, async () => {
      const { email, user } = await bot.register();
      const { binding } = await expectJson<{ binding: string }>(await post(way.asks, { email }), 202);
      const { token, code } = await lastEmail(bot, email, way.template);
      const rest = name === 'resets' ? { new_password: newPassword } : {};
      const wrong = code === '000000' ? '000001' : '000000';
      await disable(user.id);
      const read = () => bot.database.sql`
        select password_hash, email_verified_at, updated_at from users where id = ${user.id}`;
      const before = await read();
      const use = (shown: object) => post(way.uses, { ...shown, ...rest });
      await expectProblem(await use({ email, code: wrong, binding }), 'verification-invalid');
      await expectProblem(await use({ token: 'A'.repeat(43) }), 'verification-invalid');
      await expectProblem(await use({ email, code, binding }), 'account-disabled');
      await expectProblem(await use({ token }), 'account-disabled');
      assert.deepEqual(await read(), before);
    });
  }
});

test('a sign-in that is under way when the account is disabled starts no session', async () => {
  const { email, password, user } = await bot.register();
  let signedIn: Promise<Response> | undefined;
  await bot.database.transaction(async (sql) => {
    await sql`update users set disabled_at = now(), disabled_reason = 'abuse' where id = ${user.id}`;
    // It reads the account as it was, verifies the password, and waits for the row before its session starts.
    signedIn = post('/v1/auth/login', { email, password });
    const first = await Promise.race([
      signedIn.then(() => 'answers'),
      untilSomebodyWaits().then(() => 'waits'),
    ]);
    assert.equal(first, 'waits');
  });
  assert.ok(signedIn);
  await expectProblem(await signedIn, 'invalid-credentials');
});

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const [row] = await bot.database.sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    if (row && row.count > 0) return;
    await setImmediate();
  }
}

test('the pages say it in their own words to whoever has the password', async () => {
  const { email, password } = await registerDisabled();
  const submit = (given: string) =>
    bot.send('POST', '/auth/sign-in', {
      body: new URLSearchParams({ email, password: given }).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://api.example.com' },
    });
  const told = await submit(password);
  assert.equal(told.status, 403);
  assert.match(await told.text(), /This account is disabled/);
  const other = await submit('not the password');
  assert.equal(other.status, 401);
  assert.doesNotMatch(await other.text(), /disabled/);
});
