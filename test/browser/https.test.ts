/** Over HTTPS, as in production: what a browser makes of the cookies, and of forms that other sites send. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, suite, test } from 'node:test';
import { emailBehind, missing, openBrowser, press, startSite } from './site.ts';
import { signIn } from './sign-in.ts';

suite('over HTTPS', { skip: missing }, async () => {
  if (missing) return;
  const site = await startSite({ requireEmailVerification: false }, 'https');
  const { bot, url } = site;

  async function openSignedIn() {
    const person = await bot.register();
    const context = await openBrowser({ viewport: 'desktop', scripts: false });
    const page = await signIn(site, context, person);
    return { context, page, email: person.email };
  }

  test('a browser keeps the cookies under their guarded names, and lets go of them on signing out', async () => {
    const { context, page } = await openSignedIn();
    const kept = (await context.cookies()).map(({ name, secure, httpOnly, sameSite, path }) => ({
      name,
      secure,
      httpOnly,
      sameSite,
      path,
    }));
    const guarded = { secure: true, httpOnly: true, sameSite: 'Lax', path: '/' };
    assert.deepEqual(
      kept.toSorted((a, b) => a.name.localeCompare(b.name)),
      [
        { name: '__Host-access', ...guarded },
        { name: '__Host-device', ...guarded },
        { name: '__Host-session', ...guarded },
      ],
    );
    await press(page, 'Sign out');
    await page.waitForURL((address) => address.pathname !== '/account');
    // The browser stays one that the account knows, so that strangers' wrong passwords don't lock it out.
    assert.deepEqual(
      (await context.cookies()).map(({ name }) => name),
      ['__Host-device'],
    );
  });

  test('a form of another site ends no session, changes nothing, and is told apart from ours', async () => {
    const { context, email } = await openSignedIn();
    const other = createServer((_, answer) => {
      answer.setHeader('Content-Type', 'text/html');
      answer.end(`<form method="post" action="${url}/account/sign-out"><button>Win a prize</button></form>`);
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    after(() => other.close());
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const answered = page.waitForResponse(`${url}/account/sign-out`);
    await press(page, 'Win a prize');
    assert.equal((await answered).status(), 403);
    await page.goto(`${url}/account`);
    await page.getByText(email).first().waitFor();
    assert.equal(await emailBehind(context, site), email);
  });
});
