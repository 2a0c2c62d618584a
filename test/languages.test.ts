/** Which language people get: pages and requested emails that of the request, notifications that of the account. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { languages } from '../db/languages.ts';
import { endpoints, pages } from '../contract/endpoints.ts';
import * as de from '../lib/pages/copy/de.ts';
import * as en from '../lib/pages/copy/en.ts';
import { startBlockbot } from './support/blockbot.ts';
import { formHeaders, userAgents } from './support/browser.ts';
import { lastEmail } from './support/mailed.ts';
import { expectEmpty, expectJson } from './support/responses.ts';

const bot = await startBlockbot();
const german = { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.5' };
const english = { 'Accept-Language': 'en-GB' };
const password = 'correct horse battery staple';

const register = async (email: string, headers: Readonly<Record<string, string>>) =>
  expectJson<{ access_token: string; refresh_token: string; user: { locale: string } }>(
    await bot.send('POST', '/v1/auth/register', { body: { email, password }, headers }),
    201,
  );

const signIn = async (email: string, headers: Readonly<Record<string, string>>) =>
  expectJson(await bot.send('POST', '/v1/auth/login', { body: { email, password }, headers }), 200);

test('every page is in the language of its request, says so, and says what that depends on', async () => {
  // The page about the API is for developers, and in English alone.
  const open = pages.filter(
    ({ method, needsBrowserUser, path }) => method === 'GET' && !needsBrowserUser && path !== '/docs',
  );
  assert.ok(open.length > 5);
  for (const page of open) {
    const path = page.path === '/auth/magic-link' ? `${page.path}?for=sign-in` : page.path;
    const titles = [];
    for (const [headers, language] of [
      [german, 'de'],
      [english, 'en'],
      [{}, 'en'],
      [{ 'Accept-Language': 'fr, ja;q=0.5' }, 'en'],
    ] as const) {
      const response = await bot.send('GET', path, { headers });
      const text = await response.text();
      assert.equal(response.headers.get('content-language'), language, path);
      assert.match(response.headers.get('vary') ?? '', /(?:^|, )Accept-Language(?:,|$)/, path);
      assert.ok(text.includes(`<html lang="${language}">`), path);
      titles.push(/<h1>(.*?)<\/h1>/.exec(text)?.[1]);
    }
    assert.notEqual(titles[0], titles[1], path);
    assert.deepEqual(titles.slice(2), [titles[1], titles[1]], path);
  }
});

test('the page about the API says that it is in English, whatever is asked for', async () => {
  const response = await bot.send('GET', '/docs', { headers: german });
  assert.equal(response.headers.get('content-language'), 'en');
  assert.doesNotMatch(response.headers.get('vary') ?? '', /Accept-Language/);
  assert.ok((await response.text()).includes('<html lang="en">'));
});

test('a refused form says in German what is wrong, at its fields and above', async () => {
  const response = await bot.send('POST', '/auth/register', {
    body: 'email=not+an+address&password=short',
    headers: { ...formHeaders, ...german },
  });
  assert.equal(response.status, 422);
  const text = await response.text();
  assert.match(text, /<title>Fehler: Konto erstellen/);
  assert.match(text, /Bitte prüfen Sie Ihre Eingaben/);
  assert.match(text, /Geben Sie eine E-Mail-Adresse wie name@example\.com ein/);
  assert.match(text, /8 bis 256 Zeichen/);
});

test('a page over its limit says in German how long to wait, by the right form of the word', async () => {
  const address = '198.51.100.77';
  const ask = () => bot.send('GET', '/auth/sign-in', { headers: german, address });
  let response = await ask();
  for (let i = 0; i < 200 && response.status === 200; i++) response = await ask();
  assert.equal(response.status, 429);
  assert.match(
    await response.text(),
    /Versuchen Sie es in (?:1 Sekunde|\d+ Sekunden|1 Minute|\d+ Minuten) noch einmal\./,
  );
});

test('an email that was requested is in the language of the request, whatever the account speaks', async () => {
  const email = 'requests@example.com';
  assert.equal((await register(email, english)).user.locale, 'en');
  for (const [path, template, subject] of [
    ['/v1/auth/magic-link', 'sign-in', 'Bei Blockbot anmelden'],
    ['/v1/auth/password/forgot', 'password-reset', 'Ihr Passwort bei Blockbot zurücksetzen'],
    ['/v1/auth/email/resend', 'email-verification', 'Bestätigen Sie Ihre E-Mail-Adresse für Blockbot'],
  ] as const) {
    await expectJson(await bot.send('POST', path, { body: { email }, headers: german }), 202);
    assert.equal((await lastEmail(bot, email, template)).subject, subject);
  }
  await expectJson(
    await bot.send('POST', '/v1/auth/magic-link', { body: { email: 'new@example.com' }, headers: german }),
    202,
  );
  assert.equal(
    (await lastEmail(bot, 'new@example.com', 'sign-up')).subject,
    'Ihr Konto bei Blockbot erstellen',
  );
});

test('who asks for an email without saying a language gets that of the account', async () => {
  const email = 'silent@example.com';
  await register(email, german);
  for (const headers of [{}, { 'Accept-Language': '*' }]) {
    await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body: { email }, headers }), 202);
    assert.equal((await lastEmail(bot, email, 'sign-in')).subject, 'Bei Blockbot anmelden');
  }
});

test('a notification is in the language of the account, whoever caused it and in what language', async () => {
  const email = 'told@example.com';
  const { user, access_token: token } = await register(email, german);
  assert.equal(user.locale, 'de');
  await signIn(email, { ...english, 'User-Agent': userAgents.safari });
  const { subject, text } = await lastEmail(bot, email, 'new-device');
  assert.equal(subject, 'Neue Anmeldung in Ihrem Konto bei Blockbot');
  assert.match(text, /^Gerät: Safari unter iOS$/m);
  await expectJson(await bot.send('PATCH', '/v1/me', { token, body: { locale: 'en' } }), 200);
  const body = { current_password: password, new_password: 'another good password' };
  await expectEmpty(
    await bot.send('POST', '/v1/auth/password/change', { token, body, headers: german }),
    204,
  );
  assert.equal(
    (await lastEmail(bot, email, 'password-changed')).subject,
    'Your Blockbot password was changed',
  );
});

test('an account that a mailed link opens speaks the language of who opened it', async () => {
  const email = 'by-link@example.com';
  await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body: { email }, headers: german }), 202);
  const { token } = await lastEmail(bot, email, 'sign-up');
  await expectJson(
    await bot.send('POST', '/v1/auth/magic-link/verify', { body: { token }, headers: german }),
    200,
  );
  const rows = await bot.database.sql<{ locale: string }>`select locale from users where email = ${email}`;
  assert.deepEqual(rows, [{ locale: 'de' }]);
});

test('every language has words for everything that English has, and no more', () => {
  const shapeOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]))
      : typeof value;
  assert.deepEqual(languages, ['en', 'de']);
  assert.deepEqual(shapeOf({ ...de }), shapeOf({ ...en }));
});

test('no JSON is in another language than English, which is what clients are told', async () => {
  const ask = endpoints.find(({ name }) => name === 'me/read');
  assert.ok(ask);
  const response = await bot.send('GET', ask.path, { headers: german });
  assert.equal(((await response.json()) as { title: string }).title, 'You need to sign in');
});
