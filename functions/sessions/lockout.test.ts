/** Strangers who know an address lock its owner out of nothing, and an office behind one address is no stranger. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auth } from '../../lib/rate-limit/policies.ts';
import { startBlockbot, type Registered } from '../../test/support/blockbot.ts';
import { createBrowser, formHeaders } from '../../test/support/browser.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

const login = (body: object, address?: string) =>
  bot.send('POST', '/v1/auth/login', { body, ...(address !== undefined && { address }) });
const toCredentials = ({ email, password }: Registered) => ({ email, password });

const newPassword = 'another purple staple horse';

/** A hundred wrong passwords, each from an address of its own. */
async function guess({ email }: Registered): Promise<void> {
  for (let nth = 0; nth < 100; nth++) await login({ email, password: `guess ${nth}` });
}

test('a client that has signed in before gets in while strangers have used up the account’s failures', async () => {
  const account = await bot.register();
  const { device_token } = await expectJson<{ device_token: string }>(
    await login(toCredentials(account)),
    200,
  );
  const browser = createBrowser(bot);
  await browser.submit('/auth/sign-in', toCredentials(account));
  await guess(account);
  await expectProblem(await login(toCredentials(account)), 'quota-exceeded');
  await expectJson(await login({ ...toCredentials(account), device_token }), 200);
  await browser.submit('/account/sign-out', {});
  const response = await browser.submit('/auth/sign-in', toCredentials(account));
  assert.equal(response.headers.get('location'), '/account');
});

test('on a new device a locked account is open by mailed link, and says so', async () => {
  const owner = await bot.register();
  const { email } = owner;
  await bot.database.sql`update users set email_verified_at = now() where id = ${owner.user.id}`;
  await guess(owner);
  const refused = await expectProblem(await login(toCredentials(owner)), 'quota-exceeded');
  assert.deepEqual(refused['violated-policies'], ['account']);
  const explained = await bot.send('GET', '/problems/quota-exceeded');
  assert.match(await explained.text(), /a mailed link still works/);
  await bot.send('POST', '/v1/auth/magic-link', { body: { email } });
  const { token } = await lastEmail(bot, email, 'sign-in');
  const opened = await bot.send('POST', '/v1/auth/magic-link/verify', { body: { token } });
  const { device_token } = await expectJson<{ device_token: string }>(opened, 200);
  await expectJson(await login({ ...toCredentials(owner), device_token }), 200);
  await bot.send('POST', '/v1/auth/password/forgot', { body: { email } });
  const body = { token: (await lastEmail(bot, email, 'password-reset')).token, new_password: newPassword };
  assert.equal((await bot.send('POST', '/v1/auth/password/reset', { body })).status, 204);
});

test('the page of a locked account leads a new browser in by link, or by a new password', async () => {
  const owner = await bot.register();
  const { email } = owner;
  await bot.database.sql`update users set email_verified_at = now() where id = ${owner.user.id}`;
  await guess(owner);
  const linked = createBrowser(bot);
  const page = await linked.submit('/auth/sign-in', { ...toCredentials(owner), to: '/account/name' });
  const text = await page.text();
  assert.equal(page.status, 429);
  const [notice = ''] = text.match(/<div class="notice bad"[^]*?<\/div>/) ?? [];
  assert.match(notice, /without your password/);
  assert.match(notice, /<form method="post" action="\/auth\/sign-in\/link">/);
  assert.match(notice, /name="to" value="\/account\/name"/);
  await linked.submit('/auth/sign-in/link', { email, to: '/account/name' });
  const { token } = await lastEmail(bot, email, 'sign-in');
  const opened = await linked.submit('/auth/magic-link', { for: 'sign-in', token });
  assert.equal(opened.headers.get('location'), 'https://api.example.com/account/name');

  const reset = createBrowser(bot);
  await reset.submit('/auth/forgot', { email });
  const { token: resetToken } = await lastEmail(bot, email, 'password-reset');
  await reset.submit('/auth/reset', { token: resetToken, new_password: newPassword });
  const signedIn = await reset.submit('/auth/sign-in', { email, password: newPassword });
  assert.equal(signedIn.headers.get('location'), '/account');
});

test('a page that refuses an address, and not an account, promises nothing', async () => {
  const { email } = await bot.register();
  const wrong = { email, password: 'not the password' };
  const address = '198.51.100.46';
  for (let nth = 0; nth < auth.limit; nth++) await login(wrong, address);
  const body = new URLSearchParams(wrong).toString();
  const page = await bot.send('POST', '/auth/sign-in', { body, headers: formHeaders, address });
  assert.equal(page.status, 429);
  assert.doesNotMatch(await page.text(), /without your password/);
});

test('a device token of another account, or a made-up one, gets nobody past the limit', async () => {
  const [account, other] = [await bot.register(), await bot.register()];
  const { device_token } = await expectJson<{ device_token: string }>(await login(toCredentials(other)), 200);
  await guess(account);
  for (const token of [device_token, 'x'.repeat(72), '']) {
    const body = { ...toCredentials(account), device_token: token };
    await expectProblem(await login(body), 'quota-exceeded');
  }
});

test('emails that strangers ask for leave the owner’s own device its allowance', async () => {
  const account = await bot.register();
  const { device_token } = await expectJson<{ device_token: string }>(
    await login(toCredentials(account)),
    200,
  );
  const ask = (more: object = {}) =>
    bot.send('POST', '/v1/auth/magic-link', { body: { email: account.email, ...more } });
  for (let i = 0; i < 6; i++) await expectJson(await ask(), 202);
  const before = (await bot.emails(account.email)).length;
  await expectJson(await ask({ device_token }), 202);
  assert.equal((await bot.emails(account.email)).length, before + 1);
});

test('asking five times for what is not mailed leaves the mailbox its emails', async () => {
  const email = 'nobody-yet@example.com';
  for (let i = 0; i < 5; i++) await bot.send('POST', '/v1/auth/password/forgot', { body: { email } });
  assert.deepEqual(await bot.emails(email), []);
  await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body: { email } }), 202);
  assert.equal((await bot.emails(email)).length, 1);
});

test('thirty colleagues sign in behind one address, and the eleventh wrong password there is refused', async () => {
  const address = '198.51.100.44';
  const accounts = await Promise.all(Array.from({ length: 30 }, () => bot.register()));
  for (const account of accounts) await expectJson(await login(toCredentials(account), address), 200);
  const wrong = { email: 'colleague@example.com', password: 'not the password' };
  for (let nth = 0; nth < auth.limit; nth++) {
    await expectProblem(await login(wrong, address), 'invalid-credentials');
  }
  await expectProblem(await login(wrong, address), 'quota-exceeded');
});

test('a hundred sign-ins in a quarter of an hour are the most for one address, right or wrong', async () => {
  const address = '198.51.100.45';
  const account = await bot.register();
  for (let nth = 0; nth < 100; nth++) await expectJson(await login(toCredentials(account), address), 200);
  const refused = await expectProblem(await login(toCredentials(account), address), 'quota-exceeded');
  assert.deepEqual(refused['violated-policies'], ['volume']);
});

test('signing in again in a browser ends the session that it had', async () => {
  const account = await bot.register();
  const browser = createBrowser(bot);
  await browser.submit('/auth/sign-in', toCredentials(account));
  const refresh_token = browser.cookies.get('__Host-session');
  await browser.submit('/auth/sign-in', toCredentials(account));
  await expectProblem(
    await bot.send('POST', '/v1/auth/refresh', { body: { refresh_token } }),
    'refresh-token-invalid',
  );
});

test('an account has a hundred sessions at most, and the one that was idle longest goes, with a line in the trail', async () => {
  const account = await bot.register();
  await bot.database.sql`
    insert into refresh_tokens (id, user_id, nonce_hash, amr, created_at, rotated_at, expires_at)
    select gen_random_uuid(), ${account.user.id}, '\\x00', '{pwd}', now(), now() - nth * interval '1 minute',
      now() + interval '1 day'
    from generate_series(1, 110) as nth`;
  const { access_token } = await expectJson<{ access_token: string }>(
    await login(toCredentials(account)),
    200,
  );
  const list = await bot.send('GET', '/v1/sessions', { token: access_token });
  const { sessions } = await expectJson<{ sessions: readonly unknown[] }>(list, 200);
  assert.equal(sessions.length, 100);
  const displaced = await bot.database.sql`
    select id from audit_events where user_id = ${account.user.id} and event = 'session.displaced'`;
  assert.equal(displaced.length, 1);
});

test('refused sign-ins are in the trail, of accounts and of none', async () => {
  const account = await bot.register();
  await login({ email: account.email, password: 'not the password' });
  await login({ email: 'of-nobody@example.com', password: 'not the password' });
  const refused = await bot.database.sql<{ userId: string | null }>`
    select user_id from audit_events where event = 'sign_in.refused' order by occurred_at desc, id desc limit 2`;
  assert.deepEqual(
    refused.map(({ userId }) => userId),
    [null, account.user.id],
  );
});

test('requests that are refused, and mail nothing, leave the mailbox its emails', async () => {
  const owner = await bot.register();
  const stranger = await bot.register();
  const { email } = owner;
  const asks = [
    ['/v1/auth/email/change', { body: { email }, token: 'junk' }],
    ['/v1/auth/email/change', { body: { email, password: 'not mine' }, token: stranger.access_token }],
    ['/v1/auth/magic-link', { body: { email, redirect_to: 'https://evil.example/' } }],
    ['/v1/auth/register', { body: { email, password: 'password' } }],
    ['/v1/auth/register', { body: { email, password: 'a fine password of a stranger' } }],
  ] as const;
  const before = (await bot.emails(email)).length;
  for (const [path, request] of asks) {
    for (let nth = 0; nth < 6; nth++) await bot.send('POST', path, request);
  }
  assert.equal((await bot.emails(email)).length, before);
  await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body: { email } }), 202);
  assert.equal((await bot.emails(email)).length, before + 1);
});

test('how many notifications a change of address causes does not tell whether the new one has an account', async () => {
  const other = await bot.register();
  const counts = [];
  for (const wanted of [other.email, 'has-none@example.com']) {
    const { email, password, access_token: token } = await bot.register();
    const body = { email: wanted, password };
    for (let nth = 0; nth < 8; nth++) await bot.send('POST', '/v1/auth/email/change', { body, token });
    const emails = await bot.emails(email);
    counts.push(emails.filter(({ template }) => template === 'email-change-asked').length);
  }
  assert.deepEqual(counts, [5, 5]);
});
