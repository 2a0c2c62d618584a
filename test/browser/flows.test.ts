/** Every way to sign in, in a real browser: on a phone and a desktop, with scripts and without. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { lastEmail } from '../support/mailed.ts';
import { assertAccessible } from './accessibility.ts';
import { emailBehind, fill, missing, openBrowser, press, startSite, type } from './site.ts';

const password = 'correct horse battery staple';

// A skipped suite runs its body all the same.
const site = missing ? undefined : await startSite();

for (const viewport of ['phone', 'desktop'] as const) {
  for (const scripts of [true, false]) {
    const name = `on a ${viewport} ${scripts ? 'with' : 'without'} scripts`;
    suite(name, { skip: missing }, () => {
      if (!site) return;
      const { bot, url } = site;
      let people = 0;
      const newAddress = () => `${viewport}-${scripts ? 'scripts' : 'plain'}-${++people}@example.com`;

      async function open(path: string) {
        const context = await openBrowser({ viewport, scripts });
        const page = await context.newPage();
        await page.goto(url + path);
        return { context, page };
      }

      /** By its link where there are scripts, by its code where there are none: without scripts a link shows the code's form. */
      async function respondToEmail(
        page: Page,
        email: string,
        kind: string,
        purpose: string,
        button: string,
      ) {
        const { token, code } = await lastEmail(bot, email, kind);
        await page.goto(`${url}/auth/magic-link?for=${purpose}#${token}`);
        if (scripts) {
          assert.ok(!page.url().includes(token), 'the token stays in the address bar');
          await assertAccessible(page);
        } else if (purpose === 'password-reset') {
          return code;
        } else {
          await fill(page, { 'Email address': email, Code: `${code.slice(0, 3)} ${code.slice(3)}` });
        }
        await press(page, button);
        return code;
      }

      async function register(page: Page, email: string) {
        await fill(page, { 'Email address': email, Password: password });
        await press(page, 'Create account');
        await page.getByRole('heading', { name: 'Check your email' }).waitFor();
        await respondToEmail(page, email, 'email-verification', 'email-verification', 'Confirm and sign in');
        await page.waitForURL(`${url}/account`);
      }

      test('a newcomer registers, confirms the address and is signed in; then signs in by password elsewhere', async () => {
        const email = newAddress();
        const { context, page } = await open('/auth/register');
        await register(page, email);
        if (scripts) await assertAccessible(page);
        assert.equal(await emailBehind(context, site), email);

        const elsewhere = await open('/auth/sign-in');
        await fill(elsewhere.page, { 'Email address': email, Password: 'not the password' });
        await press(elsewhere.page, 'Sign in');
        await elsewhere.page.getByRole('alert').getByText('Wrong email address or password').waitFor();
        if (scripts) await assertAccessible(elsewhere.page);
        assert.equal(await elsewhere.page.getByLabel('Email address').inputValue(), email);
        await fill(elsewhere.page, { Password: password });
        await press(elsewhere.page, 'Sign in');
        await elsewhere.page.waitForURL(`${url}/account`);
        assert.equal(await emailBehind(elsewhere.context, site), email);
      });

      test('a newcomer signs in without a password', async () => {
        const email = newAddress();
        const { context, page } = await open('/auth/sign-in');
        await fill(page, { 'Email address': email });
        await press(page, 'Email me a sign-in link');
        await page.getByRole('heading', { name: 'Check your email' }).waitFor();
        await respondToEmail(page, email, 'sign-up', 'sign-in', 'Sign in');
        await page.waitForURL(`${url}/account`);
        assert.equal(await emailBehind(context, site), email);
      });

      test('who forgot the password sets a new one, and signs in with it', async () => {
        const email = newAddress();
        await register((await open('/auth/register')).page, email);
        const { context, page } = await open('/auth/sign-in');
        await page.getByRole('link', { name: 'Forgot your password?' }).click();
        await fill(page, { 'Email address': email });
        await press(page, 'Email me a reset link');
        await page.getByRole('heading', { name: 'Check your email' }).waitFor();
        const code = await respondToEmail(page, email, 'password-reset', 'password-reset', 'Continue');
        if (!scripts) await fill(page, { 'Email address': email, Code: code });
        await fill(page, { 'New password': 'another good password' });
        await press(page, 'Set new password');
        await page.getByRole('status').getByText('Your new password is set').waitFor();
        await fill(page, { 'Email address': email, Password: 'another good password' });
        await press(page, 'Sign in');
        await page.waitForURL(`${url}/account`);
        assert.equal(await emailBehind(context, site), email);
      });
    });
  }
}

suite('by keyboard alone', { skip: missing }, () => {
  if (!site) return;
  const { bot, url } = site;

  test('a newcomer gets in by link, and later by password, without a mouse', async () => {
    const context = await openBrowser({ viewport: 'desktop', scripts: true });
    const page = await context.newPage();
    const email = 'keyboard@example.com';
    await page.goto(`${url}/auth/sign-in`);
    await type(page, 'Email address', email);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
    assert.equal((await page.locator(':focus').textContent())?.trim(), 'Email me a sign-in link');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Check your email' }).waitFor();
    const { code } = await lastEmail(bot, email, 'sign-up');
    await type(page, 'Code', code);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/account`);
    assert.equal(await emailBehind(context, site), email);

    await page.goto(`${url}/auth/forgot`);
    await type(page, 'Email address', email);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Check your email' }).waitFor();
    const { token } = await lastEmail(bot, email, 'password-reset');
    await page.goto(`${url}/auth/magic-link?for=password-reset#${token}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
    await type(page, 'New password', password);
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    await type(page, 'Email address', email);
    await page.keyboard.press('Tab');
    await type(page, 'Password', password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/account`);
    assert.equal(await emailBehind(context, site), email);
  });
});

suite('every page', { skip: missing }, () => {
  if (!site) return;
  const { url } = site;
  const paths = [
    '/auth/sign-in',
    '/auth/sign-in?notice=signed-out',
    '/auth/sign-in/link',
    '/auth/register',
    '/auth/code?for=sign-in',
    '/auth/forgot',
    '/auth/reset',
    '/auth/verify',
    '/auth/magic-link?for=email-change',
    '/auth/invitation',
    '/auth/join',
    '/auth/magic-link?for=nothing',
  ];

  for (const colours of ['light', 'dark'] as const) {
    test(`has nothing that axe finds wrong, and fits a phone, in the ${colours}`, async () => {
      const context = await openBrowser({ viewport: 'phone', scripts: true, colours });
      const page = await context.newPage();
      const violations: string[] = [];
      page.on('console', (message) => violations.push(`${page.url()}: ${message.text()}`));
      for (const path of paths) {
        await page.goto(url + path);
        await assertAccessible(page);
        const width = await page.evaluate('document.documentElement.scrollWidth');
        assert.equal(width, 360, path);
      }
      // The one page that is refused is said to be by the console too.
      assert.deepEqual(
        violations.filter((text) => !text.includes('404')),
        [],
      );
    });
  }
});
