/** The page about the API: on a phone and a desktop, light and dark; and its lines, pasted into a shell. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { document } from '../../contract/document.ts';
import { lastEmail } from '../support/mailed.ts';
import { originOf } from '../support/program.ts';
import { assertAccessible } from './accessibility.ts';
import { missing, openBrowser, startSite } from './site.ts';

const site = missing
  ? undefined
  : await startSite({
      requireEmailVerification: false,
      cronSecret: 'x'.repeat(32),
      gateAudiences: new Set(['billing']),
    });

suite('the page about the API', { skip: missing }, () => {
  if (!site) return;
  const { url, bot } = site;

  for (const viewport of ['phone', 'desktop'] as const) {
    for (const colours of ['light', 'dark'] as const) {
      test(`can be read by everybody, ${colours} on a ${viewport}, and does not scroll sideways`, async () => {
        const page = await (await openBrowser({ viewport, scripts: true, colours })).newPage();
        await page.goto(`${url}/docs`);
        await assertAccessible(page);
        const [inner, outer] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        );
        assert.ok(inner <= outer, `${inner} of ${outer}`);
      });
    }
  }

  test('has a section for each operation, and each of its links leads somewhere', async () => {
    const page = await (await openBrowser({ viewport: 'desktop', scripts: false })).newPage();
    await page.goto(`${url}/docs`);
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    for (const id of ids) assert.equal(await page.locator(`section#${id}`).count(), 1, id);
    const text = await page.content();
    const links = new Set([...text.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href));
    for (const href of links) {
      if (href.startsWith('#')) assert.ok(text.includes(`id="${href.slice(1)}"`), href);
      else
        assert.equal(
          (await fetch(url + href, { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status,
          200,
          href,
        );
    }
  });

  test('has lines that work when they are pasted', async () => {
    const page = await (await openBrowser({ viewport: 'desktop', scripts: false })).newPage();
    await page.goto(`${url}/docs`);
    const [setUp = ''] = await page.locator('pre').allTextContents();
    assert.ok(setUp.startsWith(`URL=${url}\n`), setUp);
    const lines = new Map<string, string>();
    for (const section of await page.locator('section.route').all()) {
      lines.set(
        (await section.getAttribute('id')) ?? '',
        (await section.locator('pre').first().textContent()) ?? '',
      );
    }
    // What ends the session or the account, in a shell of its own.
    const alone = ['sessionsRevoke', 'sessionsLogout', 'meDelete'];
    const shared = [...lines].filter(([id]) => !alone.includes(id));
    const told = await paste(setUp, shared);
    for (const [nth, id] of alone.entries()) {
      const own = setUp.replace('ada@', `ada-${nth}@`);
      Object.assign(told, await paste(own, [[id, lines.get(id) ?? '']]));
    }
    assert.deepEqual(
      told,
      Object.fromEntries([...lines.keys()].map((id) => [id, expected[id] ?? toSuccess(id)])),
    );
  });

  test('has lines that verify an address by its email, after which the password is as good as before', async () => {
    const page = await (await openBrowser({ viewport: 'desktop', scripts: false })).newPage();
    await page.goto(`${url}/docs`);
    const linesOf = async (id: string) =>
      [id, (await page.locator(`section#${id} pre`).first().textContent()) ?? ''] as const;
    const [setUp = ''] = await page.locator('pre').allTextContents();
    const [verify, lines] = await linesOf('emailsVerify');
    const mailbox = await serveToken('verified@example.com');
    const told = await paste(setUp.replace('ada@', 'verified@'), [
      await linesOf('emailsResend'),
      [verify, lines.replace(/^LINK_TOKEN=.*/m, `LINK_TOKEN=$(curl -s ${mailbox})`)],
      await linesOf('sessionsLogin'),
      await linesOf('passwordsChange'),
      ['again', (await linesOf('sessionsLogin'))[1]],
    ]);
    assert.deepEqual(told, {
      emailsResend: '202',
      emailsVerify: '200',
      sessionsLogin: '200',
      passwordsChange: '204',
      again: '200',
    });
  });

  /** Where the token of the newest verification email to a mailbox can be read. */
  async function serveToken(to: string): Promise<string> {
    const server = createServer((_, response) => {
      void lastEmail(bot, to, 'email-verification').then(({ token }) => response.end(token));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    after(() => server.close());
    return originOf(server);
  }
});

/** Of lines that want what nobody has: the code of an email, an app, another member, or an address that has no account yet. */
const expected: Readonly<Record<string, string>> = {
  accountsRegister: '409',
  browserLogout: '403',
  browserToken: '403',
  emailsConfirm: '401',
  emailsVerify: '401',
  invitationsAccept: '401',
  invitationsAcceptOwn: '404',
  invitationsCreate: '403',
  invitationsDecline: '401',
  invitationsDeclineOwn: '404',
  invitationsListOwn: '403',
  invitationsResend: '404',
  invitationsRevoke: '404',
  joinLinksCreate: '403',
  joinLinksJoin: '403',
  joinLinksRevoke: '404',
  magicLinksVerify: '401',
  membersRemove: '409',
  membersUpdate: '409',
  organizationsTransfer: '422',
  passwordsReset: '401',
};

function toSuccess(id: string): string | undefined {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  return Object.keys(operations.find(({ operationId }) => operationId === id)?.responses ?? {})[0];
}

/** The status that the last line of each is answered, in one shell after another. */
async function paste(setUp: string, blocks: readonly (readonly [string, string])[]) {
  const script = blocks.map(
    ([id, text]) => `${text.replace(/^curl -s/gm, `curl -s -o /dev/null -w '${id} %{http_code}\\n'`)}\n`,
  );
  const { stdout } = await promisify(execFile)('bash', ['-c', `${setUp} >/dev/null\n${script.join('')}`], {
    env: { PATH: process.env['PATH'], CRON_SECRET: 'x'.repeat(32) },
  });
  return Object.fromEntries(
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ') as [string, string]),
  );
}
