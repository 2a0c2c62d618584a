/** The account's pages as a browser without scripts goes through them. Long because each of its forms is sent, and refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectJson, expectProblem } from '../../../test/support/responses.ts';
import { type Registered, startBlockbot } from '../../../test/support/blockbot.ts';
import { lastEmail } from '../../../test/support/mailed.ts';
import { createBrowser, userAgents, type BrowserClient } from '../../../test/support/browser.ts';
import { expectRedirect, expectText, signIn as signInTo } from '../../../test/support/pages.ts';

const bot = await startBlockbot();
const signIn = (account: Registered, userAgent?: string) => signInTo(bot, account, userAgent);

/** A person without a password, signed in by a mailed link. */
async function signInByLink(email: string): Promise<BrowserClient> {
  const here = createBrowser(bot);
  await here.submit('/auth/sign-in/link', { email });
  const { token } = await lastEmail(bot, email, 'sign-up');
  const signedIn = await here.submit('/auth/magic-link', { for: 'sign-in', token });
  expectRedirect(signedIn, 'https://api.example.com/account');
  return here;
}

const refresh = (refresh_token: string) => bot.send('POST', '/v1/auth/refresh', { body: { refresh_token } });
const countSessions = async ({ user }: Registered) =>
  (await bot.database.sql`select from live_sessions where user_id = ${user.id}`).length;

test('the account shows who, how and where, in two statements, and closes to a browser that was signed out', async () => {
  const account = await bot.register({ name: 'Ada', organization_name: 'Engines' });
  const here = await signIn(account);
  bot.countStatements();
  const text = await expectText(await here.get('/account'), 200, /Ada/, /Engines/, /Firefox on Linux/);
  assert.equal(bot.countStatements(), 2);
  assert.ok(text.includes(account.email));
  assert.match(text, /This device/);
  await bot.database.sql`update refresh_tokens set revoked_at = now() where user_id = ${account.user.id}`;
  expectRedirect(await here.get('/account'), '/auth/sign-in?notice=session-ended&to=%2Faccount');
  assert.deepEqual([...here.cookies.keys()], ['__Host-device']);
});

test('the language of emails is changed with the name, and is one of ours', async () => {
  const account = await bot.register({ name: 'Ada' });
  const here = await signIn(account);
  const change = (locale: string) => here.submit('/account/name', { name: 'Ada', locale });
  expectRedirect(await change('de'), '/account?notice=profile-changed');
  await expectText(await here.get('/account'), 200, /Language of emails<\/dt>\s*<dd>Deutsch<\/dd>/);
  await expectText(await here.get('/account/name'), 200, /value="Ada"/, /value="de" lang="de" selected/);
  await expectText(await change('fr'), 422, /Please check what you entered/);
  await here.submit('/account/name', { name: '' });
  await expectText(await here.get('/account'), 200, /Not set/, /Deutsch/);
});

test('whatever people call themselves, their organization or their browser is shown as text', async () => {
  const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
  const account = await bot.register({ name: hostile, organization_name: hostile });
  await signIn(account, hostile);
  const here = await signIn(account);
  for (const path of ['/account', '/account/name', `/account?notice=${encodeURIComponent(hostile)}`]) {
    const text = await expectText(await here.get(path), 200, /&lt;script&gt;alert/);
    assert.doesNotMatch(text, /<img|<script|onerror=alert\(1\)>/);
  }
});

test('a notice is one of ours, or none', async () => {
  const here = await signIn(await bot.register());
  await expectText(await here.get('/account?notice=profile-changed'), 200, /Your profile has been saved/);
  for (const notice of ['Your+account+is+blocked', '__proto__', 'constructor', '']) {
    const text = await expectText(await here.get(`/account?notice=${notice}`), 200);
    assert.doesNotMatch(text, /role="status"|blocked/);
  }
});

test('a name is saved, taken away, and told when it is none', async () => {
  const here = await signIn(await bot.register({ name: 'Ada' }));
  expectRedirect(
    await here.submit('/account/name', { name: 'Ada Lovelace' }),
    '/account?notice=profile-changed',
  );
  await expectText(await here.get('/account/name'), 200, /value="Ada Lovelace"/);
  await expectText(
    await here.submit('/account/name', { name: 'a'.repeat(101) }),
    422,
    /<title>Error: /,
    /at most 100 characters/,
    new RegExp(`value="${'a'.repeat(101)}"`),
  );
  expectRedirect(await here.submit('/account/name', { name: '' }), '/account?notice=profile-changed');
  await expectText(await here.get('/account'), 200, /Not set/);
});

test('a password is changed against the current one, and the other devices are signed out', async () => {
  const account = await bot.register();
  const here = await signIn(account);
  const fields = { username: account.email, confirm_by: 'password', new_password: 'another good password' };
  const refused = await here.submit('/account/password', { ...fields, current_password: 'not it' });
  const text = await expectText(refused, 403, /This isn’t your current password/);
  assert.doesNotMatch(text, /another good|not it"/);
  await expectText(await here.submit('/account/password', fields), 403);
  await expectText(
    await here.submit('/account/password', {
      ...fields,
      current_password: account.password,
      new_password: 'iloveyou',
    }),
    422,
    /id="new_password-error"><span>This password is too easy to guess/,
  );
  assert.equal(await countSessions(account), 2);
  const changed = await here.submit('/account/password', { ...fields, current_password: account.password });
  expectRedirect(changed, '/account?notice=password-changed');
  await expectText(await here.follow(changed), 200, /all other devices are signed out/);
  await expectProblem(await refresh(account.refresh_token), 'refresh-token-invalid');
  await signIn({ ...account, password: 'another good password' });
});

test('an account without a password sets its first within 15 minutes of signing in, and not later', async () => {
  const email = 'linked@example.com';
  const here = await signInByLink(email);
  const page = await expectText(await here.get('/account/password'), 200, /Set a password/);
  assert.doesNotMatch(page, /current_password/);
  await bot.database.sql`
    update refresh_tokens set created_at = now() - interval '16 minutes'
    where user_id = (select id from users where email = ${email})`;
  for (const path of ['/account/password', '/account/email', '/account/delete']) {
    await expectText(
      await here.get(path),
      200,
      /Sign in again first/,
      new RegExp(`name="to" value="${path}"`),
    );
  }
  const fields = { confirm_by: 'sign-in', new_password: 'a first good password' };
  await expectText(await here.submit('/account/password', fields), 401, /Sign in again first/);
  expectRedirect(
    await here.submit('/account/sign-out', { to: '/account/password' }),
    '/auth/sign-in?to=%2Faccount%2Fpassword',
  );
  const again = createBrowser(bot);
  await again.submit('/auth/sign-in/link', { email });
  const { code } = await lastEmail(bot, email, 'sign-in');
  await again.submit('/auth/code', { for: 'sign-in', email, code });
  expectRedirect(await again.submit('/account/password', fields), '/account?notice=password-changed');
});

test('another address is requested against the password, and confirmed by its code in the browser that requested it', async () => {
  const account = await bot.register();
  const here = await signIn(account);
  const fields = { email: 'Moved@Example.com', username: account.email, confirm_by: 'password' };
  const refused = await here.submit('/account/email', { ...fields, password: 'not it' });
  await expectText(refused, 403, /Wrong password/, /value="Moved@Example.com"/);
  expectRedirect(
    await here.submit('/account/email', { ...fields, password: account.password }),
    '/auth/code?for=email-change',
  );
  await expectText(await here.get('/auth/code?for=email-change'), 200, /moved@example\.com/);
  const { code } = await lastEmail(bot, 'moved@example.com', 'email-change');
  const confirmed = await here.submit('/auth/code', {
    for: 'email-change',
    email: 'moved@example.com',
    code,
  });
  expectRedirect(confirmed, '/account?notice=email-changed');
  await expectText(await here.follow(confirmed), 200, /moved@example\.com/, /new email address is confirmed/);
  await lastEmail(bot, account.email, 'email-changed');
});

test('one device is signed out by its button, once, and nobody signs out a stranger', async () => {
  const [account, stranger] = [await bot.register(), await bot.register()];
  const phone = await signIn(account, userAgents.safari);
  const here = await signIn(account);
  const page = await expectText(await here.get('/account'), 200, /Safari on iOS/);
  const ids = [...page.matchAll(/name="id" value="([^"]+)"/g)].map(([, id = '']) => id);
  assert.equal(ids.length, 2);
  const end = (id: string) => here.submit('/account/devices/end', { id });
  expectRedirect(await end(ids[0] ?? ''), '/account?notice=device-signed-out');
  expectRedirect(await end(ids[0] ?? ''), '/account?notice=device-gone');
  expectRedirect(await phone.get('/account'), '/auth/sign-in?notice=session-ended&to=%2Faccount');
  const [theirs] = await bot.database.sql<{ id: string }>`
    select id from live_sessions where user_id = ${stranger.user.id}`;
  for (const id of [theirs?.id ?? '', "'; drop table users"]) {
    expectRedirect(await end(id), '/account?notice=device-gone');
  }
  assert.equal(await countSessions(stranger), 1);
});

test('all other devices are signed out together, and this one stays', async () => {
  const account = await bot.register();
  await signIn(account, userAgents.safari);
  const here = await signIn(account);
  const ended = await here.submit('/account/devices/end-others', {});
  expectRedirect(ended, '/account?notice=others-signed-out');
  const page = await expectText(await here.follow(ended), 200, /All other devices are signed out/);
  assert.doesNotMatch(page, /devices\/end/);
  assert.equal(await countSessions(account), 1);
});

test('signing out ends the session and both cookies, and leads to no other site', async () => {
  const account = await bot.register();
  for (const to of ['', 'https://evil.example', '//evil.example', '/\\evil.example']) {
    const here = await signIn(account);
    const token = here.cookies.get('__Host-session') ?? '';
    expectRedirect(await here.submit('/account/sign-out', { to }), '/auth/sign-in?notice=signed-out');
    assert.deepEqual([...here.cookies.keys()], ['__Host-device']);
    await expectProblem(await refresh(token), 'refresh-token-invalid');
  }
  expectRedirect(await createBrowser(bot).submit('/account/sign-out', {}), '/auth/sign-in?notice=signed-out');
});

test('the download is what the API exports', async () => {
  const account = await bot.register();
  const here = await signIn(account);
  const response = await here.get('/account/export');
  assert.match(response.headers.get('content-disposition') ?? '', /^attachment/);
  const token = account.access_token;
  const [page, api] = await Promise.all([
    expectJson<Record<string, unknown>>(response, 200),
    bot.send('GET', '/v1/me/export', { token }).then((r) => expectJson<Record<string, unknown>>(r, 200)),
  ]);
  assert.deepEqual({ ...page, exported_at: '' }, { ...api, exported_at: '' });
});

test('an account is deleted against its password, after a page that says what will happen', async () => {
  const account = await bot.register();
  const here = await signIn(account);
  await expectText(await here.get('/account/delete'), 200, /can’t be undone/, /action="\/account\/delete"/);
  const fields = { username: account.email, confirm_by: 'password' };
  await expectText(
    await here.submit('/account/delete', { ...fields, password: 'not it' }),
    403,
    /Wrong password/,
  );
  await expectText(await here.get('/account'), 200);
  expectRedirect(
    await here.submit('/account/delete', { ...fields, password: account.password }),
    '/auth/sign-in?notice=account-deleted',
  );
  assert.deepEqual([...here.cookies.keys()], ['__Host-device']);
  assert.deepEqual(await bot.database.sql`select id from users where id = ${account.user.id}`, []);
});

test('an only owner is told why the account stays', async () => {
  const [owner, member] = [await bot.register(), await bot.register()];
  await bot.database.sql`
    insert into memberships (organization_id, user_id, role)
    values (${owner.organization.id}, ${member.user.id}, 'member')`;
  const here = await signIn(owner);
  await expectText(
    await here.submit('/account/delete', { confirm_by: 'password', password: owner.password }),
    409,
    /only owner of an organization/,
  );
});

test('a form is taken from a browser whose access token has run out, and its cookies are set anew', async () => {
  const here = await signIn(await bot.register());
  const before = here.cookies.get('__Host-session');
  here.cookies.delete('__Host-access');
  expectRedirect(await here.submit('/account/name', { name: 'Ada' }), '/account?notice=profile-changed');
  assert.notEqual(here.cookies.get('__Host-session'), before);
  assert.ok(here.cookies.has('__Host-access'));
});
