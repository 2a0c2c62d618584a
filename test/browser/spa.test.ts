/** examples/spa, started as its README says, in two tabs and on a phone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { startProgram } from '../support/program.ts';
import { lastEmail } from '../support/mailed.ts';
import { freePort } from '../support/redis-server.ts';
import { assertAccessible } from './accessibility.ts';
import { type Device, missing, openBrowser, press, startSite } from './site.ts';

const [toStartApi, toStart] = [
  ...readFileSync('examples/spa/README.md', 'utf8').matchAll(/^```sh\n(.*?)^```/gms),
].map(([, lines = '']) => lines);

const port = await freePort();
const origin = `http://localhost:${port}`;
const site = missing
  ? undefined
  : await startSite({
      requireEmailVerification: false,
      corsOrigins: new Set([origin]),
      redirectOrigins: new Set([origin]),
    });

async function startApp(api: string): Promise<void> {
  const options = { cwd: 'examples/spa', env: { API: api, PORT: String(port) } };
  await startProgram('npm', ['install', '--no-audit', '--no-fund'], {
    ...options,
    ready: /^(?:added|up to date)/,
  });
  // What `npm start` does; npm by itself does not hand on the signal that ends it.
  const line = await startProgram(process.execPath, ['server.js'], { ...options, ready: /^http:/ });
  assert.equal(line, origin);
}

async function open(device: Partial<Device> = {}): Promise<BrowserContext> {
  const context = await openBrowser({ viewport: 'desktop', scripts: true, ...device });
  // CORS lets no other header through than those of browsers and of the client.
  await context.setExtraHTTPHeaders({});
  return context;
}

/** By the consoles of all tabs. */
const told: string[] = [];

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  page.on('console', (line) => told.push(line.text()));
  await page.goto(origin);
  return page;
}

const password = 'correct horse battery staple';

async function fillIn(page: Page, email: string, secret = password): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(secret);
}

const signedInAs = (page: Page, email: string) => page.getByText(`You are ${email}.`).waitFor();

suite('the example of a single-page application', { skip: missing }, async () => {
  if (!site) return;
  await startApp(site.url);

  test('is started by what its README says', () => {
    assert.equal(
      toStartApi,
      'CORS_ORIGINS=http://localhost:5173 REDIRECT_ALLOWLIST=http://localhost:5173 npm start\n',
    );
    assert.equal(toStart, 'cd examples/spa\nnpm install\nnpm start\n');
    const { scripts } = JSON.parse(readFileSync('examples/spa/package.json', 'utf8')) as { scripts: object };
    assert.deepEqual(scripts, { start: 'node server.js' });
  });

  test('signs in and out in all tabs alike, and a reload finds the same person', async () => {
    const context = await open();
    const [first, second] = [await openTab(context), await openTab(context)];
    await fillIn(first, 'ada@example.com');
    await press(first, 'Register');
    await Promise.all([signedInAs(first, 'ada@example.com'), signedInAs(second, 'ada@example.com')]);
    await second.reload();
    await signedInAs(second, 'ada@example.com');
    await press(second, 'Sign out');
    await Promise.all(
      [first, second].map((page) => page.getByRole('heading', { name: 'Sign in' }).waitFor()),
    );
    assert.equal(await first.evaluate("localStorage.getItem('blockbot:session')"), null);
    await fillIn(first, 'ada@example.com', 'a wrong password');
    await press(first, 'Sign in');
    await first.getByText('The email address or the password is wrong').waitFor();
    await fillIn(first, 'ada@example.com');
    await first.keyboard.press('Enter');
    await Promise.all([signedInAs(first, 'ada@example.com'), signedInAs(second, 'ada@example.com')]);
  });

  test('signs in by a mailed link, which ends here with a code that is used once', async () => {
    const context = await open();
    const page = await openTab(context);
    await page.getByLabel('Email address').fill('linked@example.com');
    await press(page, 'Mail me a link');
    await page.getByText('Look into your mailbox: an email leads on.').waitFor();
    const { text } = await lastEmail(site.bot, 'linked@example.com', 'sign-up');
    const [link = ''] = text.match(/http:\S+#\S+/) ?? [];
    const mailed = await context.newPage();
    await mailed.goto(link);
    await mailed.getByRole('button').last().click();
    await mailed.getByRole('button').last().click();
    await Promise.all([mailed, page].map((tab) => signedInAs(tab, 'linked@example.com')));
    assert.equal(mailed.url(), `${origin}/`);
    await mailed.reload();
    await signedInAs(mailed, 'linked@example.com');
  });

  test('refreshes when the token has ended, and goes on', async () => {
    const page = await openTab(await open());
    await fillIn(page, 'grace@example.com');
    await press(page, 'Register');
    await signedInAs(page, 'grace@example.com');
    await page.evaluate(`{
      const tokens = JSON.parse(localStorage.getItem('blockbot:session'));
      localStorage.setItem('blockbot:session', JSON.stringify({ ...tokens, expiresAt: 0 }));
    }`);
    const refreshed = page.waitForResponse(`${site.url}/v1/auth/refresh`);
    await page.reload();
    assert.equal((await refreshed).status(), 200);
    await signedInAs(page, 'grace@example.com');
  });

  test('lists devices and ends another one, which is told so', async () => {
    const [here, there] = [await openTab(await open()), await openTab(await open())];
    await fillIn(here, 'lin@example.com');
    await press(here, 'Register');
    await signedInAs(here, 'lin@example.com');
    await fillIn(there, 'lin@example.com');
    await press(there, 'Sign in');
    await signedInAs(there, 'lin@example.com');
    await here.reload();
    await here.getByRole('button', { name: /^End the session on / }).click();
    await here.getByText('That session has ended.').waitFor();
    assert.equal(await here.getByRole('listitem').count(), 1);
    await there.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await there.getByText('Your session has ended. Sign in again.').waitFor();
    assert.equal(await there.evaluate('document.activeElement.textContent'), 'Sign in');
  });

  test('says beside a field what is wrong with it, and is led there', async () => {
    const page = await openTab(await open());
    await fillIn(page, 'ada', 'short');
    await press(page, 'Register');
    await page
      .getByText('Must be an email address')
      .or(page.locator('#email-error:not(:empty)'))
      .first()
      .waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'email');
    assert.equal(await page.getByLabel('Email address').getAttribute('aria-invalid'), 'true');
    assert.notEqual(await page.locator('#password-error').textContent(), '');
    await assertAccessible(page);
  });

  for (const viewport of ['narrow', 'phone', 'desktop'] as const) {
    for (const colours of ['light', 'dark'] as const) {
      test(`can be used by everybody, ${colours} on ${viewport}, and by keyboard alone`, async () => {
        const page = await openTab(await open({ viewport, colours }));
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        await assertAccessible(page);
        for (const text of [`${viewport}-${colours}@example.com`, password]) {
          await page.keyboard.press('Tab');
          await page.keyboard.type(text);
        }
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await signedInAs(page, `${viewport}-${colours}@example.com`);
        await page.getByText('(this one)').waitFor();
        await assertAccessible(page);
        const [inner, outer] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        );
        assert.ok(inner <= outer, `${inner} of ${outer}`);
      });
    }
  }

  test('is refused nothing by its own policy', () => {
    const refused = told.filter((line) => line.includes('Content Security Policy'));
    assert.deepEqual(refused, []);
  });
});
