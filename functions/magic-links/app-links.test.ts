/** Links of emails that an app asked for, and who gets what by them. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  appAddress,
  confirmLink,
  createPkce,
  exchange,
  submit,
  toAppFields,
  toCallback,
} from '../../test/support/app-link.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { bareSettings } from '../../test/support/settings.ts';

const listed = [
  'https://app.example.com',
  'https://other.example.com',
  'com.example.app:',
  'http://127.0.0.1',
];
const settings = { ...bareSettings, redirectOrigins: new Set(listed) };
const bot = await startBlockbot({ settings });
const { sql } = bot.database;
const bare = await startBlockbot();
const closed = await startBlockbot({ settings: { ...bare.services.settings, signUpOpen: false } });
/** The same database, where no app is listed any more. */
const unlisted = await startBlockbot({
  settings: { ...settings, redirectOrigins: new Set() },
  database: bot.services.database,
  outbox: bot.services.outbox,
});

const password = 'correct horse battery staple';
let people = 0;
const newAddress = () => `linked-${++people}@example.com`;
const ask = (email: string, fields: object, at = bot, path = '/v1/auth/magic-link') =>
  at.send('POST', path, { body: { email, ...fields } });

const codesOf = (email: string) =>
  sql<{ id: string }>`select id from magic_links where email = ${email} and purpose = 'authorization'`;

suite('the link of an email that an app asked for', () => {
  async function askFor(more: Readonly<Record<string, string>> = {}) {
    const pkce = createPkce();
    const email = newAddress();
    const { binding } = await expectJson<{ binding: string }>(await ask(email, toAppFields(pkce, more)), 202);
    return { pkce, email, binding, ...(await lastEmail(bot, email, 'sign-up')) };
  }
  const press = (token: string, fields: Readonly<Record<string, string>> = {}, at = bot) =>
    submit(at, '/auth/magic-link', { for: 'sign-in', token, ...fields });

  test('hands back the state, and keeps the query that was there, whatever is in them', async () => {
    const state = ` !"#$%&'()*+,/:;<=>?@[\\]^\`{|}~`;
    const { token } = await askFor({ state, redirect_to: `${appAddress}?tab=a%20b&x` });
    const { address, state: returned } = toCallback(await press(token, { confirm: 'yes' }));
    assert.ok(address.startsWith(`${appAddress}?tab=a%20b&x&code=`), address);
    assert.equal(returned, state);
  });

  test('is refused by the API, where no app shows that it asked, and is as good as before', async () => {
    const { token, email, code, binding, pkce } = await askFor();
    const body = { token };
    await expectProblem(
      await bot.send('POST', '/v1/auth/magic-link/verify', { body }),
      'verification-invalid',
    );
    const { code: appCode } = toCallback(await press(token, { confirm: 'yes' }));
    await expectJson(await exchange(bot, appCode, pkce), 200);
    // The six digits go with the link; typed into the app that asked, they do without a browser.
    const byCode = { email, code, binding };
    await expectProblem(
      await bot.send('POST', '/v1/auth/magic-link/verify', { body: byCode }),
      'verification-invalid',
    );
    const again = await ask(email, toAppFields(pkce));
    const { binding: next } = await expectJson<{ binding: string }>(again, 202);
    const typed = { email, code: (await lastEmail(bot, email, 'sign-in')).code, binding: next };
    await expectJson(await bot.send('POST', '/v1/auth/magic-link/verify', { body: typed }), 200);
  });

  test('gives a thief of the email a code that is worth nothing without the verifier', async () => {
    const { token, email } = await askFor();
    const { code } = toCallback(await press(token, { confirm: 'yes' }));
    for (const verifier of [createPkce().verifier, 'x'.repeat(43)]) {
      await expectProblem(await exchange(bot, code, { verifier }), 'grant-invalid');
    }
    const sessions = await sql<{ id: string }>`
      select refresh_tokens.id from refresh_tokens join users on users.id = user_id where email = ${email}`;
    assert.deepEqual(sessions, []);
  });

  test('brings nobody into the account of a stranger who asked with a challenge of their own', async () => {
    const { token } = await askFor();
    // The victim's app has not asked, or has asked for another email: it holds another verifier.
    const { code } = toCallback(await press(token, { confirm: 'yes' }));
    await expectProblem(await exchange(bot, code, createPkce()), 'grant-invalid');
  });

  test('gives a code to the app that asked, and to no other that is listed', async () => {
    const { token, pkce } = await askFor();
    const { code } = toCallback(await press(token, { confirm: 'yes' }));
    const other = { redirect_uri: 'https://other.example.com/in' };
    await expectProblem(await exchange(bot, code, pkce, other), 'grant-invalid');
  });

  test('says on a page where it leads, and is not used up by scanners', async () => {
    const { token, email } = await askFor();
    for (const method of ['GET', 'HEAD']) {
      assert.equal((await bot.send(method, `/auth/magic-link?for=sign-in`)).status, 200);
    }
    for (let i = 0; i < 3; i++) {
      const response = await press(token);
      const html = await response.text();
      assert.equal(response.status, 200);
      assert.match(html, /<strong>app\.<wbr \/>example\.<wbr \/>com<\/strong>/);
      assert.match(html, /only where you requested it/);
      const policy = response.headers.get('content-security-policy') ?? '';
      assert.match(
        policy,
        /form-action 'self' https:\/\/app\.example\.com .*com\.example\.app: http:\/\/127\.0\.0\.1:\*/,
      );
    }
    assert.deepEqual(await codesOf(email), []);
    toCallback(await press(token, { confirm: 'yes' }));
    assert.equal((await press(token, { confirm: 'yes' })).status, 410);
    assert.equal((await codesOf(email)).length, 1);
  });

  test('asks twice even in the browser that has the binding, for the app has asked and not the browser', async () => {
    const { token, email, binding } = await askFor();
    const cookie = `__Host-asked=${binding}.${Buffer.from(email).toString('base64url')}`;
    const response = await submit(
      bot,
      '/auth/magic-link',
      { for: 'sign-in', token },
      { headers: { Cookie: cookie } },
    );
    assert.equal(response.status, 200);
    assert.deepEqual(await codesOf(email), []);
  });

  test('leaves whoever is signed in to this browser as they are', async () => {
    const { refresh_token } = await bot.register();
    const { token } = await askFor();
    const headers = { Cookie: `__Host-session=${refresh_token}` };
    const fields = { for: 'sign-in', token, confirm: 'yes' };
    const response = await submit(bot, '/auth/magic-link', fields, { headers });
    toCallback(response);
    assert.equal(response.headers.get('set-cookie'), null);
    await expectJson(await bot.send('POST', '/v1/auth/refresh', { body: { refresh_token } }), 200);
  });

  test('takes no form of another site', async () => {
    const { token, email } = await askFor();
    const headers = { 'Sec-Fetch-Site': 'same-site', Origin: 'https://app.example.com' };
    const fields = { for: 'sign-in', token, confirm: 'yes' };
    assert.equal((await submit(bot, '/auth/magic-link', fields, { headers })).status, 403);
    assert.deepEqual(await codesOf(email), []);
  });

  test('leads nowhere once the operator has taken the app off the list, and is as good as before', async () => {
    const { token, email } = await askFor();
    assert.equal((await press(token, { confirm: 'yes' }, unlisted)).status, 401);
    assert.deepEqual(await codesOf(email), []);
    toCallback(await press(token, { confirm: 'yes' }));
  });

  test('opens no account where sign-up is closed, and none is mailed', async () => {
    const email = newAddress();
    await expectJson(await ask(email, toAppFields(createPkce()), closed), 202);
    assert.deepEqual(await closed.emails(email), []);
    const asked = await askFor();
    const late = await startBlockbot({
      settings: { ...settings, signUpOpen: false },
      database: bot.services.database,
      outbox: bot.services.outbox,
    });
    assert.equal((await press(asked.token, { confirm: 'yes' }, late)).status, 403);
    assert.deepEqual(await codesOf(asked.email), []);
  });
});

suite('other emails that an app asks for', () => {
  test('verify an address, with the password that is given along, and sign in to the app', async () => {
    const pkce = createPkce();
    const email = newAddress();
    const registered = await ask(email, { password, ...toAppFields(pkce) }, bot, '/v1/auth/register');
    await expectJson(registered, 201);
    const { token } = await lastEmail(bot, email, 'email-verification');
    await expectProblem(
      await bot.send('POST', '/v1/auth/email/verify', { body: { token } }),
      'verification-invalid',
    );
    const fields = { for: 'email-verification', token, confirm: 'yes', password };
    const { code, state } = toCallback(await submit(bot, '/auth/magic-link', fields));
    assert.equal(state, 'state of the app');
    const { access_token } = await expectJson<{ access_token: string }>(await exchange(bot, code, pkce), 200);
    const me = await bot.send('GET', '/v1/me', { token: access_token });
    const { user } = await expectJson<{ user: { email_verified: boolean } }>(me, 200);
    assert.equal(user.email_verified, true);
    await expectJson(await bot.send('POST', '/v1/auth/login', { body: { email, password } }), 200);
  });

  test('verify an address anew', async () => {
    const pkce = createPkce();
    const { email } = await bot.register({ email: newAddress() });
    await expectJson(await ask(email, toAppFields(pkce), bot, '/v1/auth/email/resend'), 202);
    const { code } = toCallback(await confirmLink(bot, email, { template: 'email-verification' }));
    await expectJson(await exchange(bot, code, pkce), 200);
  });

  test('set a new password on our page, and then sign in to the app', async () => {
    const pkce = createPkce();
    const { email, refresh_token } = await bot.register({ email: newAddress() });
    await expectJson(await ask(email, toAppFields(pkce), bot, '/v1/auth/password/forgot'), 202);
    const { token } = await lastEmail(bot, email, 'password-reset');
    const new_password = 'another good password';
    const body = { token, new_password };
    await expectProblem(await bot.send('POST', '/v1/auth/password/reset', { body }), 'verification-invalid');
    const opened = await submit(bot, '/auth/magic-link', { for: 'password-reset', token });
    assert.match(await opened.text(), /name="app" value="app\.example\.com"/);
    const fields = { token, username: email, app: 'app.example.com' };
    const refused = await submit(bot, '/auth/reset', { ...fields, new_password: 'password' });
    assert.equal(refused.status, 422);
    assert.match(
      refused.headers.get('content-security-policy') ?? '',
      /form-action 'self' https:\/\/app\.example\.com/,
    );
    assert.match(await refused.text(), /This link leads on to/);
    const response = await submit(bot, '/auth/reset', { ...fields, new_password });
    const { code } = toCallback(response);
    assert.doesNotMatch(response.headers.get('set-cookie') ?? '', /__Host-session=bbrt/);
    await expectProblem(
      await bot.send('POST', '/v1/auth/refresh', { body: { refresh_token } }),
      'refresh-token-invalid',
    );
    await expectJson(await exchange(bot, code, pkce), 200);
    await expectJson(
      await bot.send('POST', '/v1/auth/login', { body: { email, password: new_password } }),
      200,
    );
  });
});
