/** A mail scanner opens every link before its owner does, from an address and with a browser of its own. It gets nothing, and uses nothing up. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lastEmail } from '../support/mailed.ts';
import { emailBehind, fill, missing, openBrowser, press, startSite } from './site.ts';

const site = missing ? undefined : await startSite();

suite('a mail scanner', { skip: missing }, () => {
  if (!site) return;
  const { bot, url } = site;

  /** All that scanners are known to do, twice; answers the cookies that it was given. */
  async function scan(link: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (let round = 0; round < 2; round++) {
      for (const method of ['HEAD', 'GET']) {
        const response = await fetch(link, { method, headers: { 'X-Forwarded-For': '203.0.113.77' } });
        assert.equal(response.status, 200);
        found.push(...response.headers.getSetCookie());
      }
      const context = await openBrowser({ viewport: 'desktop', scripts: true });
      const page = await context.newPage();
      await page.goto(link);
      await page.getByRole('button').waitFor();
      const links = await page.evaluate<readonly string[]>('[...document.links].map(String)');
      for (const next of links) await page.goto(next);
      found.push(...(await context.cookies()).map(({ name }) => name));
      await context.close();
    }
    return found;
  }

  async function ask(email: string) {
    const human = await openBrowser({ viewport: 'phone', scripts: true });
    const page = await human.newPage();
    await page.goto(`${url}/auth/sign-in/link`);
    await fill(page, { 'Email address': email });
    await press(page, 'Email me a sign-in link');
    await page.getByRole('heading', { name: 'Check your email' }).waitFor();
    const { token, code } = await lastEmail(bot, email, 'sign-up');
    return { human, page, code, link: `${url}/auth/magic-link?for=sign-in#${token}` };
  }

  test('gets no session, and the human who requested it gets one by one click', async () => {
    const { human, page, link } = await ask('scanned@example.com');
    assert.deepEqual(await scan(link), []);
    assert.equal(await emailBehind(human, site), undefined);
    await page.goto(link);
    await press(page, 'Sign in');
    await page.waitForURL(`${url}/account`);
    assert.equal(await emailBehind(human, site), 'scanned@example.com');
  });

  test('gets no session, and a human who reads the email on another device gets one by the code', async () => {
    const { human, page, link, code } = await ask('scanned-too@example.com');
    assert.deepEqual(await scan(link), []);
    await page.goto(`${url}/auth/code`);
    await fill(page, { 'Email address': 'scanned-too@example.com', Code: code });
    await press(page, 'Sign in');
    await page.waitForURL(`${url}/account`);
    assert.equal(await emailBehind(human, site), 'scanned-too@example.com');
  });

  test('that reads the code gets no session with it: it is good in the browser that asked', async () => {
    const { code } = await ask('scanned-code@example.com');
    const other = await openBrowser({ viewport: 'desktop', scripts: false });
    const page = await other.newPage();
    await page.goto(`${url}/auth/code`);
    await fill(page, { 'Email address': 'scanned-code@example.com', Code: code });
    await press(page, 'Sign in');
    await page.getByText('request a new').first().waitFor();
    assert.equal(await emailBehind(other, site), undefined);
  });

  test('that even presses the button is only shown whose account it is', async () => {
    const { human, page, link } = await ask('pressed@example.com');
    const scanner = await openBrowser({ viewport: 'desktop', scripts: true });
    const opened = await scanner.newPage();
    await opened.goto(link);
    await press(opened, 'Sign in');
    await opened.getByRole('heading', { name: 'Did you request this?' }).waitFor();
    assert.deepEqual(await scanner.cookies(), []);
    await page.goto(link);
    await press(page, 'Sign in');
    await page.waitForURL(`${url}/account`);
    assert.equal(await emailBehind(human, site), 'pressed@example.com');
  });
});
