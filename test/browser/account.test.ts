/** The account's pages in a real browser: on a phone and a desktop, with scripts and without, by keyboard alone. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { lastEmail } from '../support/mailed.ts';
import { assertAccessible } from './accessibility.ts';
import { devices } from './devices.ts';
import { fill, missing, openBrowser, press, startSite } from './site.ts';
import { signIn } from './sign-in.ts';

const site = await startSite({ requireEmailVerification: false });
const { bot, url } = site;

const noticeOn = (page: Page) => page.getByRole('status').textContent();

/** A phone has no room beside the page, so nothing may stand out of it. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { width } = (await page.locator('html').boundingBox()) ?? { width: 0 };
  for (const part of await page.locator('main > *, .rows > *').all()) {
    const box = await part.boundingBox();
    if (box) assert.ok(box.x >= 0 && box.x + box.width <= width, await part.innerHTML());
  }
}

for (const device of devices) {
  const name = `${device.viewport}, scripts ${device.scripts ? 'on' : 'off'}, ${device.colours ?? 'light'}`;

  suite(name, { skip: missing }, () => {
    test('a person changes name, password and address, ends devices, takes their data along and leaves', async () => {
      const account = await bot.register({ name: 'Ada' });
      const page = await signIn(site, await openBrowser(device), account);
      await expectNoSidewaysScroll(page);

      await page.getByRole('link', { name: 'Change your name' }).click();
      await fill(page, { Name: '<b>Ada</b> Lovelace' });
      await press(page, 'Save');
      assert.match((await noticeOn(page)) ?? '', /profile has been saved/);
      await page.getByText('<b>Ada</b> Lovelace', { exact: true }).waitFor();

      await page.getByRole('link', { name: 'Change the language of emails' }).click();
      await page.getByLabel('Language of emails').selectOption('Deutsch');
      await press(page, 'Save');
      await page.getByText('Deutsch', { exact: true }).waitFor();
      await page.getByText('<b>Ada</b> Lovelace', { exact: true }).waitFor();

      await page.getByRole('link', { name: 'Change your password' }).click();
      await fill(page, { 'Current password': 'not it at all', 'New password': 'another good password' });
      await press(page, 'Change password');
      await page.getByText('This isn’t your current password').waitFor();
      assert.match(await page.title(), /^Error: /);
      await fill(page, { 'Current password': account.password, 'New password': 'another good password' });
      await press(page, 'Change password');
      assert.match((await noticeOn(page)) ?? '', /password has been saved/);

      const changed = { ...account, password: 'another good password' };
      await signIn(site, await openBrowser(device), changed);
      const third = await signIn(site, await openBrowser(device), changed);
      await page.goto(`${url}/account`);
      await page.getByRole('listitem').nth(1).getByRole('button').click();
      assert.match((await noticeOn(page)) ?? '', /device is signed out/);
      await page.getByRole('button', { name: 'Sign out all other devices' }).click();
      assert.match((await noticeOn(page)) ?? '', /other devices are signed out/);
      await third.reload();
      assert.match(third.url(), /\/auth\/sign-in\?notice=session-ended/);

      const moved = `moved-${account.email}`;
      await page.getByRole('link', { name: 'Change your email address' }).click();
      await fill(page, { 'New email address': moved, 'Your password': changed.password });
      await press(page, 'Email me a link');
      const { code } = await lastEmail(bot, moved, 'email-change');
      await fill(page, { Code: code });
      await press(page, 'Confirm');
      assert.match((await noticeOn(page)) ?? '', /new email address is confirmed/);

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download your data' }).click(),
      ]);
      assert.equal(download.suggestedFilename(), 'account.json');
      assert.match(await readFile(await download.path(), 'utf8'), new RegExp(moved));

      await page.getByRole('link', { name: 'Delete your account' }).click();
      await expectNoSidewaysScroll(page);
      await fill(page, { 'Your password': changed.password });
      await press(page, 'Delete my account');
      assert.match((await noticeOn(page)) ?? '', /account has been deleted/);
      await page.goto(`${url}/account`);
      assert.match(page.url(), /\/auth\/sign-in/);
    });
  });
}

test(
  'everything of the account is within reach of the keyboard, in the order it is read',
  { skip: missing },
  async () => {
    const account = await bot.register({ name: 'Ada' });
    await signIn(site, await openBrowser({ viewport: 'phone', scripts: false }), account);
    const page = await signIn(site, await openBrowser({ viewport: 'desktop', scripts: true }), account);
    const reached: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      reached.push((await page.locator(':focus').textContent())?.replace(/\s+/g, ' ').trim() ?? '');
      assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
    }
    assert.deepEqual(
      reached.map((text) => text.replace(/, .*/, '')),
      [
        'Sign out',
        'Change your name',
        'Change the language of emails',
        'Show your organizations',
        'Change your email address',
        'Change your password',
        'Sign out Chrome on Linux',
        'Sign out an unknown device',
        'Sign out all other devices',
        'Recent activity',
        'Download your data',
        'Delete your account',
      ],
    );
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/account/delete`);
    while ((await page.evaluate('document.activeElement.id')) !== 'password') {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type(account.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/notice=account-deleted/);
  },
);

for (const [viewport, colours] of [
  ['phone', 'light'],
  ['desktop', 'dark'],
] as const) {
  test(`axe finds nothing wrong with the pages of the account (${colours})`, { skip: missing }, async () => {
    const account = await bot.register({ name: 'Ada' });
    const page = await signIn(site, await openBrowser({ viewport, scripts: true, colours }), account);
    for (const path of ['?notice=profile-changed', '/activity', '/name', '/password', '/email', '/delete']) {
      await page.goto(`${url}/account${path}`);
      await assertAccessible(page);
    }
    await fill(page, { 'Your password': 'not it at all' });
    await press(page, 'Delete my account');
    await page.getByText('This isn’t your current password').waitFor();
    await assertAccessible(page);
    await bot.database.sql`update users set password_hash = null where id = ${account.user.id}`;
    await bot.database.sql`
      update refresh_tokens set created_at = now() - interval '1 hour' where user_id = ${account.user.id}`;
    await page.goto(`${url}/account/password`);
    await page.getByRole('button', { name: 'Sign in again' }).waitFor();
    await assertAccessible(page);
  });
}
