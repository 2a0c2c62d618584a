/** The dev mailbox under its own policy, in a real browser: what is selected in it to be copied stays selected. */
import { after, suite, test } from 'node:test';
import assert from 'node:assert/strict';
import { createDevMailbox } from '../../hosts/node/mail/dev-mailbox.ts';
import { createRouter } from '../../hosts/core/router.ts';
import { listen } from '../../hosts/node/server.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { createBareServices } from '../support/bare-services.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { missing, openBrowser } from './site.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

const email = {
  to: 'ada@example.com',
  subject: 'Sign in',
  text: 'Sign in\n\n123456',
  html: '<p>Sign in</p>',
};

suite('the dev mailbox', { skip: missing }, () => {
  test('keeps a selection while emails come, and shows them when it is told to', async () => {
    const mailbox = createDevMailbox(await makeTemporaryFolder());
    const router = createRouter([]);
    mailbox.mount(router);
    const services = {
      ...createBareServices().services,
      rateLimits: createMemoryStore(),
      keyring: createKeyring(['of no use here']),
    };
    const server = await listen(router, services, { host: 'localhost', port: 0 });
    after(() => server.drain(0));
    await mailbox.send({ ...email, id: '01890a5d-ac96-774b-bcce-b302099a8057' });
    const context = await openBrowser({ viewport: 'desktop', scripts: true });
    await context.setExtraHTTPHeaders({});
    const page = await context.newPage();
    await page.goto(`http://localhost:${server.address.port}/dev/mailbox`);
    await page.evaluate("getSelection().selectAllChildren(document.querySelector('pre'))");
    await mailbox.send({ ...email, id: '01890a5d-ac97-774b-bcce-b302099a8057' });
    const news = page.frameLocator('iframe.news').getByRole('link', { name: 'Show 1 new email' });
    await news.waitFor();
    assert.equal(await page.evaluate('String(getSelection())'), 'Sign in\n\n123456');
    await news.click();
    await page.getByRole('article').nth(1).waitFor();
  });
});
