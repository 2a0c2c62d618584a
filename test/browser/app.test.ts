/** Single-page applications: one of another site, to which the links of its emails lead back, and one that uses our cookies. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { lastEmail } from '../support/mailed.ts';
import { assertAccessible } from './accessibility.ts';
import { startApp } from './app.ts';
import { fill, missing, openBrowser, press, startSite } from './site.ts';
import { signIn } from './sign-in.ts';

/** Without the header by which a test's browser tells its address: a preflight would have to ask for it. */
async function openPlain(viewport: 'phone' | 'desktop') {
  const context = await openBrowser({ viewport, scripts: true });
  await context.setExtraHTTPHeaders({});
  return context;
}

suite('an app of another site', { skip: missing }, async () => {
  if (missing) return;
  const app = await startApp('127.0.0.1');
  const origins = new Set([app.origin]);
  const { bot, url } = await startSite({
    requireEmailVerification: false,
    corsOrigins: origins,
    redirectOrigins: origins,
  });
  app.useApi(url);

  async function ask(context: BrowserContext, email: string, path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(app.origin);
    await fill(page, { Email: email, Path: path });
    await press(page, 'Ask');
    await page.getByText('asked 202').waitFor();
    return page;
  }

  /** In a tab of its own, as a mail program opens it. */
  async function open(context: BrowserContext, email: string, template: string, purpose: string) {
    const { token } = await lastEmail(bot, email, template);
    const page = await context.newPage();
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    await page.goto(`${url}/auth/magic-link?for=${purpose}#${token}`);
    return { page, violations };
  }

  test('a link that is opened in the browser that asked signs in to the app, and there alone', async () => {
    const email = 'app@example.com';
    const context = await openPlain('phone');
    await ask(context, email, '/v1/auth/magic-link');
    const { page, violations } = await open(context, email, 'sign-up', 'sign-in');
    await press(page, 'Sign in');
    await page.getByRole('heading', { name: 'Did you request this?' }).waitFor();
    await page.getByText(`This link leads on to ${new URL(app.origin).host}.`).waitFor();
    await assertAccessible(page);
    await press(page, 'Sign in');
    await page.getByText(`signed in as ${email}`).waitFor();
    assert.deepEqual(violations, []);
    assert.equal(page.url(), `${app.origin}/in`);
    assert.deepEqual(await context.cookies(url), []);
    const visit = app.visits.findLast(({ path }) => path.startsWith('/in?'));
    assert.match(
      visit?.path ?? '',
      /^\/in\?code=[\w-]{43}&state=[\w-]{43}&iss=http%3A%2F%2Flocalhost%3A\d+$/,
    );
    assert.equal(visit?.headers.referer, undefined);
    const code = new URL(visit?.path ?? '', app.origin).searchParams.get('code') ?? '';
    assert.ok(bot.logLines.every((line) => !line.includes(code)));
    // Back through the history there is no code either, and what the server had was used up.
    await page.reload();
    assert.equal(page.url(), `${app.origin}/in`);
  });

  test('a link that is opened elsewhere signs in nobody, whoever asked', async () => {
    const email = 'victim@example.com';
    const stranger = await openPlain('desktop');
    const strangersPage = await ask(stranger, email, '/v1/auth/magic-link');
    const victim = await openPlain('desktop');
    const { page } = await open(victim, email, 'sign-up', 'sign-in');
    await press(page, 'Sign in');
    await press(page, 'Sign in');
    await page.getByText('not asked for here').waitFor();
    await strangersPage.reload();
    assert.equal(await strangersPage.locator('output').textContent(), '');
    const sessions = await bot.database.sql<{ id: string }>`
      select refresh_tokens.id from refresh_tokens join users on users.id = user_id where email = ${email}`;
    assert.deepEqual(sessions, []);
  });

  test('a new password is set on our page, and leads on to the app', async () => {
    const { email } = await bot.register();
    const context = await openPlain('desktop');
    await ask(context, email, '/v1/auth/password/forgot');
    const { page, violations } = await open(context, email, 'password-reset', 'password-reset');
    await press(page, 'Continue');
    await page.getByText('This link leads on to').waitFor();
    await assertAccessible(page);
    await fill(page, { 'New password': 'password' });
    await press(page, 'Set new password');
    await page.getByText('too easy to guess').waitFor();
    await fill(page, { 'New password': 'another good password' });
    await press(page, 'Set new password');
    await page.getByText(`signed in as ${email}`).waitFor();
    assert.deepEqual(violations, []);
  });
});

suite('an app of the same site', { skip: missing }, async () => {
  if (missing) return;
  // Another port is another origin, and the same site; another host is another site.
  const [app, neighbour, other] = [
    await startApp('localhost'),
    await startApp('localhost'),
    await startApp('127.0.0.1'),
  ];
  const site = await startSite({
    requireEmailVerification: false,
    corsOrigins: new Set([app.origin, neighbour.origin, other.origin]),
    cookieOrigins: new Set([app.origin, other.origin]),
  });
  const { bot, url } = site;
  for (const each of [app, neighbour, other]) each.useApi(url);

  async function openSignedIn() {
    const person = await bot.register();
    const context = await openPlain('desktop');
    await signIn(site, context, person);
    const visit = async (origin: string) => {
      const there = await context.newPage();
      await there.goto(origin);
      return there;
    };
    return { context, email: person.email, visit };
  }

  test('gets a token for the cookies of the browser, and signs it out', async () => {
    const { context, email, visit } = await openSignedIn();
    const page = await visit(app.origin);
    for (let i = 0; i < 2; i++) {
      await page.reload();
      await press(page, 'Use the cookie');
      await page.getByText(`signed in as ${email}`).waitFor();
    }
    await press(page, 'Sign out');
    await page.getByText('signed out: 204').waitFor();
    assert.deepEqual(
      (await context.cookies(url)).map(({ name }) => name),
      ['device'],
    );
    await press(page, 'Use the cookie');
    await page.getByText('refused: 401').waitFor();
  });

  test('is the only one to get it: no neighbour that is not named, and nothing of another site', async () => {
    const { email, visit } = await openSignedIn();
    for (const { origin } of [neighbour, other]) {
      const page = await visit(origin);
      await press(page, 'Use the cookie');
      // A neighbour may not read the answer. To another site the browser sends no cookie, and we give nothing.
      await page.getByText(origin === neighbour.origin ? 'not allowed to read' : 'refused: 403').waitFor();
    }
    const page = await visit(app.origin);
    await press(page, 'Use the cookie');
    await page.getByText(`signed in as ${email}`).waitFor();
  });
});
