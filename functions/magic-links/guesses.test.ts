/** Guesses at codes that come at once: a mailbox has fifty wrong ones a day, and not one more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailbox } from '../../lib/rate-limit/policies.ts';
import { lockGuesses } from '../../lib/accounts/mailed-code.ts';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { holdLock } from '../../test/support/held-lock.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

const verify = (body: object) => bot.send('POST', '/v1/auth/magic-link/verify', { body });

/** Six digits that are not these. */
const otherThan = (code: string) => (code === '000000' ? '000001' : '000000');

async function askFor(email: string) {
  await bot.services.rateLimits.reset(mailbox, `mailbox:${email}`);
  const asked = await bot.send('POST', '/v1/auth/magic-link', { body: { email } });
  const { binding } = await expectJson<{ binding: string }>(asked, 202);
  const { code, token } = (await bot.emails(email)).at(-1) ?? { code: '', token: '' };
  return { email, code, token, binding };
}

test('eighty wrong codes at once over sixteen requests are counted fifty times, and the owner is told once', async () => {
  const { email } = await bot.register();
  const asked = [];
  for (let nth = 0; nth < 16; nth++) asked.push(await askFor(email));
  const guesses = asked.flatMap(({ code, binding }) =>
    Array.from({ length: 5 }, () => ({ email, code: otherThan(code), binding })),
  );
  assert.equal(guesses.length, 80);
  for (const refused of await Promise.all(guesses.map(verify))) {
    await expectProblem(refused, 'verification-invalid');
  }
  const [counted] = await bot.database.sql<{ wrong: number }>`
    select sum(code_tries)::int as wrong from magic_links where email = ${email}`;
  assert.equal(counted?.wrong, 50);
  const told = (await bot.emails(email)).filter(({ template }) => template === 'codes-refused');
  assert.equal(told.length, 1);
  const { code, binding, token } = await askFor(email);
  await expectProblem(await verify({ email, code, binding }), 'verification-invalid');
  await expectJson(await verify({ token }), 200);
});

test('a wrong code for what nobody was mailed is written down as well, and takes no code away from the owner', async () => {
  const known = await bot.register();
  await bot.database.sql`update users set email_verified_at = now() where id = ${known.user.id}`;
  for (const email of [known.email, 'nobody@example.com']) {
    const asked = await bot.send('POST', '/v1/auth/email/resend', { body: { email } });
    const { binding } = await expectJson<{ binding: string }>(asked, 202);
    const body = { email, code: '000000', binding };
    for (let nth = 0; nth < 6; nth++) {
      await expectProblem(await bot.send('POST', '/v1/auth/email/verify', { body }), 'verification-invalid');
    }
    const [dead] = await bot.database.sql<{ codeTries: number }>`
      select code_tries from magic_links
      where email = ${email} and expires_at <= created_at`;
    assert.equal(dead?.codeTries, 5, email);
    await bot.database
      .sql`update magic_links set code_tries = 50 where email = ${email} and expires_at <= created_at`;
  }
  const { email, code, binding } = await askFor(known.email);
  await expectJson(await verify({ email, code, binding }), 200);
});

test('wrong codes of changes of address stay counted when the session that asked is gone, or the account', async () => {
  const email = 'wanted@example.org';
  const wrongCodes = async () => {
    const [counted] = await bot.database.sql<{ wrong: number }>`
      select sum(code_tries)::int as wrong from magic_links where email = ${email}`;
    return counted?.wrong;
  };
  for (const [nth, end] of [
    async ({ email, password, refresh_token }: Registered) => {
      await bot.send('POST', '/v1/auth/logout', { body: { refresh_token } });
      // A sign-in sweeps what is dead.
      await expectJson(await bot.send('POST', '/v1/auth/login', { body: { email, password } }), 200);
    },
    async ({ password, access_token: token }: Registered) =>
      expectEmpty(await bot.send('DELETE', '/v1/me', { token, body: { password } }), 204),
  ].entries()) {
    const guesser = await bot.register();
    const { password, access_token: token } = guesser;
    const asked = await bot.send('POST', '/v1/auth/email/change', { token, body: { email, password } });
    const { binding } = await expectJson<{ binding: string }>(asked, 202);
    const { code } = (await bot.emails(email)).at(-1) ?? { code: '' };
    const body = { email, code: otherThan(code), binding };
    for (let guess = 0; guess < 5; guess++) {
      const refused = await bot.send('POST', '/v1/auth/email/confirm', { token, body });
      await expectProblem(refused, 'verification-invalid');
    }
    await end(guesser);
    assert.equal(await wrongCodes(), 5 * (nth + 1));
  }
});

test('a guess at one mailbox waits for none at another, nor does a link', async () => {
  const [guessed, other] = [await askFor('guessed@example.com'), await askFor('other@example.com')];
  // What a guess holds while it is looked at.
  const release = await holdLock(bot.database, (sql) => lockGuesses(sql, guessed.email));
  const guess = verify({ ...guessed, token: undefined, code: otherThan(guessed.code) });
  await expectJson(await verify({ ...other, token: undefined }), 200);
  await expectJson(await verify({ token: guessed.token }), 200);
  await release();
  await expectProblem(await guess, 'verification-invalid');
});
