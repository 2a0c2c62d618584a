/** The bare address, as a browser shows it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertAccessible } from './accessibility.ts';
import { missing, openBrowser, startSite } from './site.ts';

const site = missing ? undefined : await startSite();

suite('the page at the bare address', { skip: missing }, () => {
  if (!site) return;
  const { url } = site;

  for (const viewport of ['phone', 'desktop'] as const) {
    for (const colours of ['light', 'dark'] as const) {
      test(`can be read by everybody, ${colours} on a ${viewport}, and does not scroll sideways`, async () => {
        const page = await (await openBrowser({ viewport, scripts: true, colours })).newPage();
        const blocked: string[] = [];
        page.on('console', (message) => blocked.push(message.text()));
        await page.goto(url);
        await assertAccessible(page);
        const [inner, outer] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        );
        assert.ok(inner <= outer, `${inner} of ${outer}`);
        assert.deepEqual(blocked, []);
      });
    }
  }

  test('leads to sign-in and to the documentation', async () => {
    const page = await (await openBrowser({ viewport: 'phone', scripts: false })).newPage();
    for (const [name, path] of [
      ['Sign in', '/auth/sign-in'],
      ['API documentation', '/docs'],
    ] as const) {
      await page.goto(url);
      await page.getByRole('link', { name, exact: true }).click();
      await page.waitForURL(url + path);
    }
  });
});
