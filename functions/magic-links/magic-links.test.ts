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

async function askFor(email: string, more: object = {}) {
  await expectJson(await request(email, more), 202);
  return (await bot.emails(email)).at(-1) ?? { token: '', code: '', template: 'none' };
}

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
    const { token, code } = await askFor('once@example.com');
    await expectJson(await verify({ token }), 200);
    await expectProblem(await verify({ token }), 'verification-used');
    await expectProblem(await verify({ email: 'once@example.com', code }), 'verification-invalid');
  });

  test('used twenty times at once signs in once', async () => {
    const { token } = await askFor('twenty@example.com');
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify({ token })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [
      200,
      ...Array.from({ length: 19 }, () => 410),
    ]);
  });

  test('is ended by a newer email, and by its fifteen minutes', async () => {
    const older = await askFor('newer@example.com');
    const newer = await askFor('newer@example.com');
    await expectProblem(await verify({ token: older.token }), 'verification-expired');
    await expectProblem(
      await verify({ email: 'newer@example.com', code: older.code }),
      'verification-invalid',
    );
    const [row] = await bot.database.sql<{ seconds: number }>`
      select extract(epoch from expires_at - created_at)::float8 as seconds from magic_links
      where email = 'newer@example.com' order by created_at desc limit 1`;
    assert.equal(row?.seconds, 900);
    await bot.database.sql`update magic_links set expires_at = now() where email = 'newer@example.com'`;
    await expectProblem(await verify({ token: newer.token }), 'verification-expired');
    await expectProblem(
      await verify({ email: 'newer@example.com', code: newer.code }),
      'verification-invalid',
    );
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
    const { token, code } = await askFor('purpose@example.com');
    for (const path of ['/v1/auth/email/verify', '/v1/auth/email/confirm']) {
      await expectProblem(await bot.send('POST', path, { body: { token } }), 'verification-invalid');
      const byCode = { body: { email: 'purpose@example.com', code } };
      await expectProblem(await bot.send('POST', path, byCode), 'verification-invalid');
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
  test('signs in on another device', async () => {
    const email = 'code@example.com';
    const { code } = await askFor(email);
    const { user } = await read(
      await expectJson<SignedIn>(await verify({ email: ` ${email.toUpperCase()}`, code }), 200),
    );
    assert.equal(user.email, email);
    await expectProblem(await verify({ email, code }), 'verification-invalid');
  });

  test('used twenty times at once signs in once', async () => {
    const email = 'twenty-codes@example.com';
    const { code } = await askFor(email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify({ email, code })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 401).length, 19);
  });

  test('is dead after five wrong ones, while the link of the email still works', async () => {
    const email = 'five@example.com';
    const { token, code } = await askFor(email);
    for (let i = 0; i < 5; i++) {
      await expectProblem(await verify({ email, code: otherThan(code) }), 'verification-invalid');
    }
    await expectProblem(await verify({ email, code }), 'verification-invalid');
    await expectJson(await verify({ token }), 200);
  });

  test('guessed a thousand times is looked at five times, and its owner asks again and gets in', async () => {
    const email = 'guessed@example.com';
    const { code } = await askFor(email);
    const guesses = Array.from({ length: 1000 }, (_, nth) =>
      String((Number(code) + 1 + nth) % 1_000_000).padStart(6, '0'),
    );
    for (let at = 0; at < guesses.length; at += 50) {
      const answers = await Promise.all(
        guesses.slice(at, at + 50).map((guess) => verify({ email, code: guess })),
      );
      assert.ok(answers.every(({ status }) => status === 401));
    }
    const [row] = await bot.database.sql<{ codeTries: number }>`
      select code_tries from magic_links where email = ${email}`;
    assert.equal(row?.codeTries, 5);
    const again = await askFor(email);
    await expectJson(await verify({ email, code: again.code }), 200);
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
    // The newer email ends the older one, so that two live ones are made by hand.
    const newer = await askFor(email);
    await bot.database.sql`
      update magic_links set expires_at = now() + interval '1 minute' where email = ${email}`;
    const answers = await Promise.all([verify({ token }), verify({ token: newer.token })]);
    const people = await Promise.all(
      answers.map(async (answer) => read(await expectJson<SignedIn>(answer, 200))),
    );
    assert.equal(people[0]?.user.id, people[1]?.user.id);
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
  return { status: response.status, body: await response.text(), headers };
}
