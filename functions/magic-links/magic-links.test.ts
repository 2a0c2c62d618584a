/** Links and codes that sign in. Long because each attack on the one is tried on the other. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { mailbox } from '../../lib/rate-limit/policies.ts';
import { startBlockbot, type TestBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot();
const closed = await startBlockbot({ settings: { ...bot.services.settings, signUpOpen: false } });

interface SignedIn {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly redirect_to?: string;
}

const request = (email: string, more: object = {}, at: TestBlockbot = bot) =>
  at.send('POST', '/v1/auth/magic-link', { body: { email, ...more } });
const verify = (body: object, at: TestBlockbot = bot) =>
  at.send('POST', '/v1/auth/magic-link/verify', { body });

/** The newest email, with what the asking client got. */
async function askFor(email: string, more: object = {}) {
  const { binding } = await expectJson<{ binding: string }>(await request(email, more), 202);
  return { binding, ...((await bot.emails(email)).at(-1) ?? { token: '', code: '', template: 'none' }) };
}

/** As if the emails to this mailbox had been asked for so long ago. */
const age = (email: string, interval: string) => bot.database.sql`
  update magic_links set created_at = created_at - ${interval}::text::interval,
    expires_at = expires_at - ${interval}::text::interval
  where email = ${email}`;

/** Six digits that are not these. */
const otherThan = (code: string) => (code === '000000' ? '000001' : '000000');

async function read(signedIn: SignedIn) {
  const response = await bot.send('GET', '/v1/me', { token: signedIn.access_token });
  return expectJson<{ user: { id: string; email: string; email_verified: boolean } }>(response, 200);
}

suite('a mailed link', () => {
  test('opens a verified account at its first use, and signs in to the same one at the next', async () => {
    const email = 'first@example.com';
    const { template, token } = await askFor(email);
    assert.equal(template, 'sign-up');
    const first = await read(await expectJson<SignedIn>(await verify({ token }), 200));
    assert.equal(first.user.email, email);
    assert.equal(first.user.email_verified, true);
    const next = await askFor(email);
    assert.equal(next.template, 'sign-in');
    const again = await read(await expectJson<SignedIn>(await verify({ token: next.token }), 200));
    assert.equal(again.user.id, first.user.id);
  });

  test('works once, and says so afterwards', async () => {
    const { token, code, binding } = await askFor('once@example.com');
    await expectJson(await verify({ token }), 200);
    await expectProblem(await verify({ token }), 'verification-used');
    await expectProblem(await verify({ email: 'once@example.com', code, binding }), 'verification-invalid');
  });

  test('used twenty times at once signs in once', async () => {
    const { token } = await askFor('twenty@example.com');
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify({ token })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [
      200,
      ...Array.from({ length: 19 }, () => 410),
    ]);
  });

  test('is ended by a newer email that the same client asks for a minute later, and by no stranger', async () => {
    const email = 'newer@example.com';
    const older = await askFor(email);
    const young = await askFor(email, { binding: older.binding });
    await age(email, '1 minute');
    const stranger = await askFor(email);
    const newest = await askFor(email, { binding: older.binding });
    for (const { token } of [older, young]) {
      await expectProblem(await verify({ token }), 'verification-expired');
    }
    const { code, binding } = older;
    await expectProblem(await verify({ email, code, binding }), 'verification-invalid');
    const pending = await bot.database.sql`
      select id from magic_links where email = ${email} and expires_at > now()`;
    assert.equal(pending.length, 2);
    await expectJson(await verify({ token: newest.token }), 200);
    await expectProblem(await verify({ token: stranger.token }), 'verification-expired');
  });

  test('or its code ends the others of its mailbox, however young, and none for another purpose', async () => {
    for (const by of ['link', 'code'] as const) {
      const { email, password } = await bot.register();
      const others = [await askFor(email), await askFor(email)];
      await bot.send('POST', '/v1/auth/password/forgot', { body: { email } });
      const reset = await lastEmail(bot, email, 'password-reset');
      // The address is proven, so that the sign-in claims nothing.
      await bot.database.sql`update users set email_verified_at = now() where email = ${email}`;
      const { token, code, binding } = await askFor(email);
      const elsewhere = await askFor(`not-${email}`);
      await expectJson(await verify(by === 'link' ? { token } : { email, code, binding }), 200);
      for (const other of others) {
        await expectProblem(await verify({ token: other.token }), 'verification-expired');
        const { code, binding } = other;
        await expectProblem(await verify({ email, code, binding }), 'verification-invalid');
      }
      await expectJson(await verify({ token: elsewhere.token }), 200);
      const body = { token: reset.token, new_password: `${password} anew` };
      assert.equal((await bot.send('POST', '/v1/auth/password/reset', { body })).status, 204);
    }
  });

  test('that is refused leaves the others as good as they were', async () => {
    const { email, user } = { email: 'refused@example.com', user: crypto.randomUUID() };
    await closed.database.sql`insert into users (id, email) values (${user}, ${email})`;
    await request(email, {}, closed);
    await request(email, {}, closed);
    const [first, second] = await closed.emails(email);
    assert.ok(first && second);
    await closed.database.sql`update users set email = 'elsewhere@example.com' where id = ${user}`;
    await expectProblem(await verify({ token: second.token }, closed), 'sign-up-closed');
    await closed.database.sql`update users set email = ${email} where id = ${user}`;
    await expectJson(await verify({ token: first.token }, closed), 200);
  });

  test('is good for fifteen minutes, and its code for ten', async () => {
    const email = 'minutes@example.com';
    const { token, code, binding } = await askFor(email);
    await age(email, '10 minutes');
    await expectProblem(await verify({ email, code, binding }), 'verification-invalid');
    const [row] = await bot.database.sql<{ seconds: number }>`
      select extract(epoch from expires_at - created_at)::float8 as seconds from magic_links
      where email = ${email}`;
    assert.equal(row?.seconds, 900);
    await age(email, '5 minutes');
    await expectProblem(await verify({ token }), 'verification-expired');
  });

  test('leads on to allowed origins only', async () => {
    for (const redirect_to of ['https://app.example.com/in?a=b#c', 'https://api.example.com/']) {
      const { token } = await askFor('redirected@example.com', { redirect_to });
      const signedIn = await expectJson<SignedIn>(await verify({ token }), 200);
      assert.equal(signedIn.redirect_to, redirect_to);
      await bot.services.rateLimits.reset(mailbox, 'mailbox:redirected@example.com');
    }
    for (const redirect_to of [
      'https://evil.example/',
      '//evil.example/',
      '/account',
      'javascript:alert(1)',
      'https://app.example.com@evil.example/',
      'https://app.example.com.evil.example/',
      'https://user:word@app.example.com/',
      'http://app.example.com/',
      'https://app.example.com:8443/',
      'data:text/html,x',
      'blob:https://api.example.com/0f3c',
      'blob:https://app.example.com/0f3c',
      '\\\\evil.example',
      'https:evil.example',
    ]) {
      const refused = await expectProblem(
        await request('redirected@example.com', { redirect_to }),
        'invalid-input',
      );
      assert.deepEqual(
        refused.errors?.map(({ pointer }) => pointer),
        ['#/redirect_to'],
        redirect_to,
      );
    }
  });

  test('of one purpose is none of another', async () => {
    const { token, code, binding } = await askFor('purpose@example.com');
    const { access_token } = await bot.register();
    for (const path of ['/v1/auth/email/verify', '/v1/auth/email/confirm']) {
      const send = (body: object) => bot.send('POST', path, { token: access_token, body });
      await expectProblem(await send({ token }), 'verification-invalid');
      await expectProblem(
        await send({ email: 'purpose@example.com', code, binding }),
        'verification-invalid',
      );
    }
    const reset = { body: { token, new_password: 'another good password' } };
    await expectProblem(await bot.send('POST', '/v1/auth/password/reset', reset), 'verification-invalid');
    await expectJson(await verify({ token }), 200);
  });

  test('is not at rest in any table, and neither is its code', async () => {
    const { token, code } = await askFor('at-rest@example.com');
    const [row] = await bot.database.sql<{ stored: string }>`
      select concat(to_jsonb(magic_links), to_jsonb(outbox)) as stored
      from magic_links join outbox on outbox.recipient = magic_links.email
      where email = 'at-rest@example.com'`;
    assert.ok(row);
    assert.ok(!row.stored.includes(token) && !row.stored.includes(Buffer.from(token).toString('hex')));
    assert.doesNotMatch(row.stored, new RegExp(`"${code}"`));
  });
});

suite('a mailed code', () => {
  test('signs the client in that asked for it, whatever the email was read on', async () => {
    const email = 'code@example.com';
    const { code, binding } = await askFor(email);
    const { user } = await read(
      await expectJson<SignedIn>(await verify({ email: ` ${email.toUpperCase()}`, code, binding }), 200),
    );
    assert.equal(user.email, email);
    await expectProblem(await verify({ email, code, binding }), 'verification-invalid');
  });

  test('is worth nothing to whoever did not ask for it', async () => {
    const email = 'bound@example.com';
    const { code, binding } = await askFor(email);
    const stranger = await expectJson<{ binding: string }>(await request('elsewhere@example.com'), 202);
    await expectProblem(await verify({ email, code, binding: stranger.binding }), 'verification-invalid');
    const { errors } = await expectProblem(await verify({ email, code }), 'invalid-input');
    assert.deepEqual(
      errors?.map(({ pointer }) => pointer),
      ['#/binding'],
    );
    await expectJson(await verify({ email, code, binding }), 200);
  });

  test('used twenty times at once signs in once', async () => {
    const email = 'twenty-codes@example.com';
    const { code, binding } = await askFor(email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify({ email, code, binding })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 401).length, 19);
  });

  test('is dead after five wrong ones, while the link of the email still works', async () => {
    const email = 'five@example.com';
    const { token, code, binding } = await askFor(email);
    for (let i = 0; i < 5; i++) {
      const wrong = { email, code: otherThan(code), binding };
      await expectProblem(await verify(wrong), 'verification-invalid');
    }
    await expectProblem(await verify({ email, code, binding }), 'verification-invalid');
    await expectJson(await verify({ token }), 200);
  });

  test('guessed a hundred times at once is looked at five times, and its owner asks again and gets in', async () => {
    const email = 'guessed@example.com';
    const { code, binding } = await askFor(email);
    const guesses = Array.from({ length: 99 }, (_, nth) =>
      String((Number(code) + 1 + nth) % 1_000_000).padStart(6, '0'),
    );
    const answers = await Promise.all(guesses.map((guess) => verify({ email, code: guess, binding })));
    assert.ok(answers.every(({ status }) => status === 401));
    const [row] = await bot.database.sql<{ codeTries: number }>`
      select code_tries from magic_links where email = ${email}`;
    assert.equal(row?.codeTries, 5);
    const again = await askFor(email);
    await expectJson(await verify({ email, code: again.code, binding: again.binding }), 200);
  });

  test('is refused to everybody after a hundred wrong ones in an hour, like a password', async () => {
    const email = 'hundred@example.com';
    const { code, binding } = await askFor(email);
    const wrong = { email, code: otherThan(code), binding };
    const answers = await Promise.all(Array.from({ length: 101 }, () => verify(wrong)));
    assert.deepEqual(
      answers.map(({ status }) => status).filter((status) => status !== 401),
      [429],
    );
  });

  test('after fifty wrong ones in a day only links work, and the owner is told once', async () => {
    const account = await bot.register();
    const { email } = account;
    await bot.database.sql`update users set email_verified_at = now() where id = ${account.user.id}`;
    for (let nth = 0; nth < 10; nth++) {
      const { code, binding } = await askFor(email);
      for (let i = 0; i < 5; i++) await verify({ email, code: otherThan(code), binding });
      await bot.services.rateLimits.reset(mailbox, `mailbox:${email}`);
    }
    const notices = (await bot.emails(email)).filter(({ template }) => template === 'codes-refused');
    assert.equal(notices.length, 1);
    const { token, code, binding } = await askFor(email);
    await expectProblem(await verify({ email, code, binding }), 'verification-invalid');
    assert.equal((await bot.emails(email)).filter(({ template }) => template === 'codes-refused').length, 1);
    await expectJson(await verify({ token }), 200);
  });
});

suite('an account that is there', () => {
  test('is joined by its link, and keeps its password when its address was proven', async () => {
    const account = await bot.register();
    await bot.database.sql`update users set email_verified_at = now() where id = ${account.user.id}`;
    const { template, token } = await askFor(account.email);
    assert.equal(template, 'sign-in');
    const { user } = await read(await expectJson<SignedIn>(await verify({ token }), 200));
    assert.equal(user.id, account.user.id);
    await expectJson(await bot.send('POST', '/v1/auth/login', { body: toCredentials(account) }), 200);
  });

  test('loses the password and the sessions of whoever registered it without ever proving its address', async () => {
    const account = await bot.register();
    const { token } = await askFor(account.email);
    await read(await expectJson<SignedIn>(await verify({ token }), 200));
    await expectProblem(
      await bot.send('POST', '/v1/auth/login', { body: toCredentials(account) }),
      'invalid-credentials',
    );
    const refresh = { body: { refresh_token: account.refresh_token } };
    await expectProblem(await bot.send('POST', '/v1/auth/refresh', refresh), 'refresh-token-invalid');
  });

  test('is opened once by two links that are used at once', async () => {
    const email = 'two-at-once@example.com';
    const { token } = await askFor(email);
    const newer = await askFor(email);
    const answers = await Promise.all([verify({ token }), verify({ token: newer.token })]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410]);
  });
});

suite('whoever asks for a link', () => {
  test('gets one answer, whether or not the address has an account, with sign-up open and closed', async () => {
    for (const at of [bot, closed]) {
      const email = 'known@example.com';
      await at.database.sql`insert into users (id, email) values (${crypto.randomUUID()}, ${email})`;
      const answers = [await request(email, {}, at), await request('nobody@example.com', {}, at)];
      const [known, unknown] = await Promise.all(answers.map(toComparable));
      assert.deepEqual(known, unknown);
    }
  });

  test('causes no email to a stranger while sign-up is closed, and no account', async () => {
    await expectJson(await request('stranger@example.com', {}, closed), 202);
    assert.deepEqual(await closed.emails('stranger@example.com'), []);
    const account = await closed.register().catch((error: unknown) => error);
    assert.match(String(account), /sign-up-closed/);
  });

  test('causes five emails an hour to one mailbox, and the fifth stays good', async () => {
    const email = 'flooded@example.com';
    for (let i = 0; i < 8; i++) {
      const response = await request(email);
      assert.doesNotMatch(response.headers.get('ratelimit') ?? '', /mailbox/);
      await expectJson(response, 202);
    }
    assert.equal((await bot.emails(email)).length, 5);
    const { token } = await lastEmail(bot, email, 'sign-up');
    await expectJson(await verify({ token }), 200);
  });
});

test('the log holds no token and no code of all these', async () => {
  const rows = await bot.database.sql<{ recipient: string }>`select distinct recipient from outbox`;
  const log = bot.logLines.join('\n');
  assert.ok(log.includes('/v1/auth/magic-link/verify'));
  for (const { recipient } of rows) {
    assert.ok(!log.includes(recipient));
    for (const { token } of await bot.emails(recipient)) assert.ok(token === '' || !log.includes(token));
  }
});

const toCredentials = ({ email, password }: { email: string; password: string }) => ({ email, password });

/** What a stranger sees of an answer, without what differs from any answer to the next. */
async function toComparable(response: Response) {
  const headers = Object.fromEntries(response.headers);
  delete headers['x-request-id'];
  // The binding is random, and as long for everybody.
  const body = (await response.text()).replace(/"binding":"[\w-]{43}"/, '"binding":""');
  return { status: response.status, body, headers };
}
