/** A password that comes with a link or code says nothing, and is told nothing of, before the mailbox is proven. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argon2id } from '../../hosts/node/argon2.ts';
import { createPasswordHasher } from '../../lib/security/password.ts';
import { account as accountPolicy } from '../../lib/rate-limit/policies.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';

const hasher = createPasswordHasher([argon2id], { concurrency: 2, queue: 100 });
let hashesLookedAt = 0;
const bot = await startBlockbot({
  passwords: {
    ...hasher,
    verify: (password, phc) => {
      hashesLookedAt++;
      return hasher.verify(password, phc);
    },
    isCommon: () => Promise.resolve(false),
    isBreached: () => Promise.resolve(false),
  },
});
const password = 'correct horse battery staple';
const wrong = 'not the password of anybody';

const verify = (body: object) => bot.send('POST', '/v1/auth/email/verify', { body });
const signIn = (email: string) => bot.send('POST', '/v1/auth/login', { body: { email, password } });

/** An account with its email, by the client that did not register it. */
async function openAccount() {
  const { email, user } = await bot.register();
  await bot.services.rateLimits.reset(accountPolicy, `mailbox:${email}`);
  const asked = await bot.send('POST', '/v1/auth/email/resend', { body: { email } });
  const { binding } = await expectJson<{ binding: string }>(asked, 202);
  const { token, code } = await lastEmail(bot, email, 'email-verification');
  return { email, userId: user.id, token, code, binding };
}

/** Six digits that are not these. */
const otherThan = (code: string) => (code === '000000' ? '000001' : '000000');

/** As if there had been so many failures that one more is the last. */
async function failNearlyAll(key: string) {
  for (let nth = 1; nth < accountPolicy.limit; nth++) {
    await bot.services.rateLimits.take([{ policy: accountPolicy, key, id: `failure ${nth}` }]);
  }
}

const refusalsOf = async (userId: string) => {
  const rows = await bot.database.sql`
    select id from audit_events where user_id = ${userId} and event = 'sign_in.refused'`;
  return rows.length;
};

test('a guessed code gets one answer after one amount of work, whatever password comes with it, and of nobody too', async () => {
  const { email, binding, code } = await openAccount();
  const guess = { email, binding, code: otherThan(code) };
  const answers = [];
  for (const body of [
    { ...guess, password: wrong },
    { ...guess, password },
    { ...guess, binding: 'A'.repeat(43), password: wrong },
    { ...guess, binding: 'A'.repeat(43), password },
    { ...guess, email: 'nobody@example.com', password },
  ]) {
    bot.countStatements();
    hashesLookedAt = 0;
    const response = await verify(body);
    const { request_id, ...document } = await expectProblem(response, 'verification-invalid');
    assert.ok(request_id);
    answers.push({ document, statements: bot.countStatements(), hashesLookedAt });
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.hashesLookedAt, 1);
});

test('a guessed code with the right password is a failure of the account like any other', async () => {
  const { email, binding, code } = await openAccount();
  await failNearlyAll(`mailbox:${email}`);
  await expectProblem(
    await verify({ email, binding, code: otherThan(code), password }),
    'verification-invalid',
  );
  await expectProblem(await signIn(email), 'quota-exceeded');
});

for (const by of ['link', 'code'] as const) {
  test(`a wrong password with the right ${by} leaves it as good as it was, and is in the trail`, async () => {
    const { email, userId, token, code, binding } = await openAccount();
    const presented = by === 'link' ? { token } : { email, code, binding };
    await expectProblem(await verify({ ...presented, password: wrong }), 'password-incorrect');
    assert.equal(await refusalsOf(userId), 1);
    await expectJson(await verify({ ...presented, password }), 200);
    await expectJson(await signIn(email), 200);
    assert.equal(await refusalsOf(userId), 1);
  });
}

test('a wrong password with the right code is a failure of the account, and a right one is none', async () => {
  const { email, code, binding } = await openAccount();
  const key = `mailbox:${email}`;
  await failNearlyAll(key);
  await expectProblem(await verify({ email, code, binding, password: wrong }), 'password-incorrect');
  await expectProblem(await signIn(email), 'quota-exceeded');
  await bot.services.rateLimits.reset(accountPolicy, key);
  await failNearlyAll(key);
  await expectJson(await verify({ email, code, binding, password }), 200);
  await expectJson(await signIn(email), 200);
});

test('a hundred wrong passwords with the right link are the most in an hour, apart from those of strangers', async () => {
  const { email, token } = await openAccount();
  await failNearlyAll(`mailbox:${email}`);
  const key = `reader:${email}`;
  await failNearlyAll(key);
  await expectProblem(await verify({ token, password: wrong }), 'password-incorrect');
  const refused = await expectProblem(await verify({ token, password }), 'quota-exceeded');
  assert.deepEqual(refused['violated-policies'], ['account']);
  await expectJson(await signIn(email), 200);
  await bot.services.rateLimits.reset(accountPolicy, key);
  await failNearlyAll(key);
  await expectJson(await verify({ token, password }), 200);
  const spare = { policy: accountPolicy, key, id: 'one is left' };
  assert.deepEqual(
    (await bot.services.rateLimits.take([spare])).map(({ allowed }) => allowed),
    [true],
  );
});
