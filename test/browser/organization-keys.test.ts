/** The pages of an organization's API keys in a real browser: on a phone and a desktop, with scripts and without, light and dark. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { insertApiKey } from '../support/api-key-row.ts';
import { readOwnKey } from '../support/api-keys.ts';
import { assertAccessible } from './accessibility.ts';
import { type Device, fill, missing, openBrowser, press, startSite } from './site.ts';
import { signIn } from './sign-in.ts';

const site = await startSite({ requireEmailVerification: false });
const { bot, url } = site;

const devices: readonly Device[] = [
  { viewport: 'phone', scripts: false },
  { viewport: 'phone', scripts: true },
  { viewport: 'phone', scripts: true, colours: 'dark' },
  { viewport: 'desktop', scripts: true },
  { viewport: 'desktop', scripts: true, colours: 'dark' },
];

const open = (page: Page, link: string) => page.getByRole('link', { name: link, exact: true }).click();

/** Nothing stands out of the page, and axe, which is a script itself, finds nothing wrong where scripts run. */
async function expectSound(page: Page, { scripts }: Device): Promise<void> {
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, page.url());
  if (scripts) await assertAccessible(page);
}

/** Of the last 30 days, some with refused ones. */
async function insertUsage(organizationId: string): Promise<void> {
  const { keyId } = await insertApiKey(bot, { organizationId });
  await bot.database.sql`
    insert into api_key_usage (key_id, day, requests, refused)
    select ${keyId}::uuid, (now() at time zone 'UTC')::date - ago, 400 + 3000 * (ago % 7), 200 * (ago % 3)
    from generate_series(0, 29) as ago`;
}

for (const device of devices) {
  const name = `${device.viewport}, scripts ${device.scripts ? 'on' : 'off'}, ${device.colours ?? 'light'}`;

  suite(name, { skip: missing }, () => {
    test('an owner makes a key, replaces it, revokes it, and looks at what was used', async () => {
      const owner = await bot.register({ name: 'Ada' });
      const page = await signIn(site, await openBrowser(device), owner);
      await page.goto(`${url}/organization`);
      await open(page, 'API keys');
      await page.getByText('There’s no key yet').waitFor();
      await expectSound(page, device);

      await fill(page, { Name: 'Importer <1>' });
      await press(page, 'Create key');
      await page.getByText('Choose at least one').waitFor();
      await expectSound(page, device);
      await page.getByLabel('members:read', { exact: true }).check();
      await page.getByLabel('Works for').selectOption('1 year');
      await press(page, 'Create key');
      const key = await page.getByLabel('API key').inputValue();
      assert.equal((await readOwnKey(bot, key)).status, 200);
      await expectSound(page, device);

      await open(page, 'Back to the API keys');
      await page.locator('summary').click();
      await expectSound(page, device);
      await page.getByLabel('The present key goes on working for (Importer <1>)').selectOption('1 hour');
      await press(page, 'Replace Importer <1>');
      const next = await page.getByLabel('API key').inputValue();
      assert.notEqual(next, key);
      await open(page, 'Back to the API keys');
      await page.getByText('The key before works until').waitFor();
      await page.locator('summary').click();
      await press(page, 'Revoke Importer <1>');
      await page.getByRole('status').getByText('The key is revoked').waitFor();
      for (const text of [key, next]) assert.equal((await readOwnKey(bot, text)).status, 401);

      await insertUsage(owner.organization.id);
      await open(page, 'Usage by day');
      await page.getByRole('img', { name: /^Requests: [\d,]+, refused: / }).waitFor();
      await page.getByText('Show as a table').click();
      assert.equal(await page.getByRole('row').count(), 31);
      await expectSound(page, device);
    });
  });
}
