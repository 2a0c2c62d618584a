/** The pages in each language, on the narrowest screen: nothing that axe finds wrong, and nothing that sticks out. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { lastEmail } from '../support/mailed.ts';
import { assertAccessible } from './accessibility.ts';
import { missing, openBrowser, startSite } from './site.ts';

// A skipped suite runs its body all the same.
const site = missing ? undefined : await startSite({ requireEmailVerification: false });

const password = 'correct horse battery staple';
/** No space and no hyphen to break at, and wider than the page. */
const toLongAddress = (language: string) =>
  `augusta.ada.king.countess.of.lovelace.${language}@mathematics.and.engines.university.example`;

const publicPaths = [
  '/auth/sign-in?notice=sign-in-to-change-email',
  '/auth/sign-in/link',
  '/auth/register',
  '/auth/forgot',
  '/auth/reset',
  '/auth/verify',
  '/auth/magic-link?for=email-change',
  '/auth/invitation',
  '/auth/join',
  '/auth/magic-link?for=nothing',
];
const accountPaths = [
  '/account?notice=password-dropped',
  '/account/activity',
  '/account/organizations',
  '/organization',
  '/organization/members',
  '/organization/invitations',
  '/organization/keys',
  '/organization/usage',
  '/organization/transfer',
  '/organization/delete',
  '/account/name',
  '/account/password',
  '/account/email',
  '/account/delete',
];

for (const language of ['en', 'de']) {
  suite(`in ${language}`, { skip: missing }, () => {
    if (!site) return;
    const { bot, url } = site;
    const email = toLongAddress(language);

    async function open() {
      const context = await openBrowser({ viewport: 'narrow', scripts: true, language: `${language}-AT` });
      return context.newPage();
    }

    async function expectFit(page: Page): Promise<void> {
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      assert.equal(width, 320, `${page.url()} scrolls sideways`);
      // What sticks out of its box, where something hides that.
      const outer = await page.evaluate<readonly string[]>(
        `[...document.querySelectorAll('main *:not(.unseen)')]
          .filter((part) => part.getBoundingClientRect().right > 320).map((part) => part.outerHTML)`,
      );
      assert.deepEqual(outer, [], page.url());
      await assertAccessible(page);
    }

    test('every page that anybody may open fits, and is accessible', async () => {
      const page = await open();
      for (const path of publicPaths) {
        await page.goto(url + path);
        await expectFit(page);
      }
    });

    test('a long address breaks behind a dot or its @, on every page that shows one, and is copied whole', async () => {
      await bot.register({ email, password });
      const page = await open();
      await page.goto(`${url}/auth/sign-in/link`);
      await page.locator('input[name=email]').fill(email);
      await page.locator('main form > button').click();
      await page.waitForURL(`${url}/auth/code?for=sign-in`);
      await expectFit(page);
      const lead = page.locator('.lead');
      assert.ok((await lead.locator('wbr').count()) > 3);
      assert.ok((await lead.textContent())?.includes(email));
      assert.deepEqual(await page.evaluate(brokenLinesIn('.lead')), []);
      // Another browser is shown whose account it is.
      const other = await open();
      const { token } = await lastEmail(bot, email, 'sign-in');
      await other.goto(`${url}/auth/magic-link?for=sign-in#${token}`);
      await other.locator('#by-link button').click();
      await other.locator('.facts').waitFor();
      await expectFit(other);
      assert.deepEqual(await other.evaluate(brokenLinesIn('.facts')), []);
      await other.locator('form button').click();
      await other.waitForURL(`${url}/account`);
      for (const path of accountPaths) {
        await other.goto(url + path);
        await expectFit(other);
        assert.deepEqual(await other.evaluate(brokenLinesIn('main')), [], path);
      }
    });

    test('a refused form fits, and is accessible', async () => {
      const page = await open();
      await page.goto(`${url}/auth/register`);
      await page.locator('input[name=email]').fill(`x@${'y'.repeat(60)}.z`);
      await page.locator('input[name=password]').fill('12345678');
      await page.locator('main form > button').click();
      await page.getByRole('alert').waitFor();
      await expectFit(page);
    });
  });
}

/** The parts of an address, between the places to break it at, that stand in two lines. */
const brokenLinesIn = (selector: string) => `[...document.querySelectorAll('${selector} wbr')]
  .flatMap(({ previousSibling, nextSibling }) => [previousSibling, nextSibling])
  .filter((part) => part?.nodeType === Node.TEXT_NODE)
  .filter((part) => {
    const range = document.createRange();
    range.selectNode(part);
    return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
  })
  .map(({ data }) => data)`;
