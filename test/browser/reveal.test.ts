/** A password that is shown while it is typed, where scripts run, and a form that works as well where none do. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertAccessible } from './accessibility.ts';
import { missing, openBrowser, press, startSite } from './site.ts';

// A skipped suite runs its body all the same.
const site = missing ? undefined : await startSite({ requireEmailVerification: false });

suite('a password', { skip: missing }, () => {
  if (!site) return;
  const { bot, url } = site;

  test('is shown and hidden by a box that the keyboard reaches, and a password manager knows the field', async () => {
    const { email, password } = await bot.register();
    const context = await openBrowser({ viewport: 'phone', scripts: true });
    const page = await context.newPage();
    const blocked: string[] = [];
    page.on('console', (message) => blocked.push(message.text()));
    await page.goto(`${url}/auth/sign-in`);
    const field = page.locator('#password');
    assert.equal(await field.getAttribute('type'), 'password');
    await page.getByLabel('Email address').fill(email);
    await field.focus();
    await page.keyboard.type(password);
    await page.keyboard.press('Tab');
    const box = page.getByRole('checkbox', { name: 'Show password' }).and(page.locator(':focus'));
    await box.waitFor();
    await page.keyboard.press('Space');
    assert.equal(await box.isChecked(), true);
    assert.equal(await field.getAttribute('type'), 'text');
    assert.equal(await field.inputValue(), password);
    assert.equal(await field.getAttribute('autocomplete'), 'current-password');
    await assertAccessible(page);
    await page.keyboard.press('Space');
    assert.equal(await field.getAttribute('type'), 'password');
    assert.deepEqual(blocked, []);
  });

  test('is masked again when it is sent, and the box is no part of the form', async () => {
    const { email, password } = await bot.register();
    const context = await openBrowser({ viewport: 'desktop', scripts: true });
    const page = await context.newPage();
    await page.goto(`${url}/auth/sign-in`);
    await page.getByLabel('Email address').fill(email);
    await page.locator('#password').fill(password);
    await page.getByRole('checkbox').check();
    await page.evaluate(`addEventListener('submit', () => {
      sessionStorage.type = document.getElementById('password').type;
    })`);
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await press(page, 'Sign in');
    const form = new URLSearchParams((await sent).postData() ?? '');
    assert.deepEqual([...form.keys()], ['email', 'password']);
    await page.waitForURL(`${url}/account`);
    assert.equal(await page.evaluate('sessionStorage.type'), 'password');
  });

  test('of two on a page, each has a box of its own', async () => {
    const { email, password } = await bot.register();
    const context = await openBrowser({ viewport: 'desktop', scripts: true });
    const page = await context.newPage();
    await page.goto(`${url}/auth/sign-in`);
    await page.getByLabel('Email address').fill(email);
    await page.locator('#password').fill(password);
    await press(page, 'Sign in');
    await page.waitForURL(`${url}/account`);
    await page.goto(`${url}/account/password`);
    await page.getByRole('checkbox').nth(1).check();
    assert.deepEqual(
      await page.evaluate(
        `['current_password', 'new_password'].map((id) => document.getElementById(id).type)`,
      ),
      ['password', 'text'],
    );
  });

  test('without scripts has no box, and signs in', async () => {
    const { email, password } = await bot.register();
    const context = await openBrowser({ viewport: 'phone', scripts: false });
    const page = await context.newPage();
    await page.goto(`${url}/auth/sign-in`);
    assert.equal(await page.locator('.reveal').isVisible(), false);
    await page.getByLabel('Email address').fill(email);
    await page.locator('#password').fill(password);
    await press(page, 'Sign in');
    await page.waitForURL(`${url}/account`);
  });
});
