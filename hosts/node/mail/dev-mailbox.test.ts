import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expectJson, expectProblem } from '../../../test/support/responses.ts';
import { makeTemporaryFolder } from '../../../test/support/folder.ts';
import { createDevMailbox } from './dev-mailbox.ts';
import type { MailboxEmail } from './dev-mailbox-page.ts';
import { createRouter } from '../../core/router.ts';

const first = '01890a5d-ac96-774b-bcce-b302099a8057';
const second = '01890a5d-ac97-774b-bcce-b302099a8057';
const message = {
  id: first,
  to: 'ada@example.com',
  subject: 'Sign in',
  text: 'Open\nhttps://api.example.com/auth/magic-link?for=sign-in#token',
  html: '<a href="https://api.example.com/auth/magic-link?for=sign-in#token">Sign in</a>',
};

async function openMailbox(dataDir?: string) {
  const folder = dataDir ?? (await makeTemporaryFolder());
  const mailbox = createDevMailbox(folder);
  const router = createRouter([]);
  mailbox.mount(router);
  const ask = async (headers: Record<string, string> = {}, peerAddress = '127.0.0.1', search = '') => {
    const { host = 'localhost:3000', ...rest } = headers;
    const env = { settings: { publicUrl: 'https://dev.example.com', corsOrigins: new Set() }, peerAddress };
    return router.request(`http://${host}/dev/mailbox${search}`, { headers: rest }, env);
  };
  const list = async () => expectJson<MailboxEmail[]>(await ask({ Accept: 'application/json' }), 200);
  return { folder, mailbox, ask, list };
}

test('dev mailbox: emails are listed newest first as JSON, and survive a restart', async () => {
  const { folder, mailbox, list } = await openMailbox();
  assert.deepEqual(await list(), []);
  await mailbox.send(message);
  await mailbox.send({ ...message, id: second, subject: 'Reset' });
  const { list: listAgain } = await openMailbox(folder);
  const messages = await listAgain();
  assert.deepEqual(
    messages.map(({ created_at, ...rest }) => {
      assert.ok(Date.parse(created_at) > 0);
      return rest;
    }),
    [{ ...message, id: second, subject: 'Reset' }, message],
  );
});

test('dev mailbox: the same email twice is one, a half-written one is none, and others of the machine read none', async () => {
  const { folder, mailbox, list } = await openMailbox();
  await mailbox.send(message);
  await mailbox.send(message);
  mkdirSync(join(folder, 'mailbox'), { recursive: true });
  writeFileSync(join(folder, 'mailbox', `${second}.json.new`), '{"id":');
  assert.equal((await list()).length, 1);
  assert.equal(statSync(join(folder, 'mailbox')).mode & 0o077, 0);
  for (const file of readdirSync(join(folder, 'mailbox')).filter((name) => name.endsWith('.json'))) {
    assert.equal(statSync(join(folder, 'mailbox', file)).mode & 0o077, 0);
  }
});

test('dev mailbox: the page stays, its links open, and the email is framed where nothing runs', async () => {
  const { mailbox, ask } = await openMailbox();
  await mailbox.send({
    ...message,
    subject: '<script>alert(1)</script>',
    to: '"><img src=x onerror=alert(1)>@example.com',
    html: '<script>alert(1)</script>"><b>bold</b>',
  });
  const response = await ask();
  const page = await response.text();
  assert.equal(response.status, 200);
  assert.doesNotMatch(page, /http-equiv="refresh"/);
  assert.match(page, /<iframe class="news" title="New emails" src="\/dev\/mailbox\?seen=1"/);
  assert.match(
    page,
    /<a href="https:\/\/api\.example\.com\/auth\/magic-link\?for=sign-in#token" target="_blank"/,
  );
  assert.match(page, /sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  assert.match(page, /srcdoc="&lt;base target=&quot;_blank&quot;&gt;&lt;script&gt;/);
  assert.doesNotMatch(page, /<script|<img|<b>/);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /script/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
});

test('dev mailbox: a frame that refreshes itself tells what has come since the page was opened', async () => {
  const { mailbox, ask } = await openMailbox();
  await mailbox.send(message);
  const look = async (seen: string) => {
    const response = await ask({}, '127.0.0.1', `?seen=${seen}`);
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'self'/);
    const page = await response.text();
    assert.match(page, /<meta http-equiv="refresh" content="5" \/>/);
    assert.doesNotMatch(page, /api\.example\.com/);
    return page;
  };
  assert.match(await look('1'), /No new emails/);
  await mailbox.send({ ...message, id: second });
  assert.match(await look('1'), /<a href="\/dev\/mailbox" target="_top">Show 1 new email<\/a>/);
  assert.match(await look('0'), /Show 2 new emails/);
  assert.doesNotMatch(await look('<script>'), /<script/);
});

const strangers: readonly (readonly [what: string, headers: Record<string, string>, peer?: string])[] = [
  ['from another machine', {}, '192.0.2.7'],
  ['from another machine over IPv6', {}, '2001:db8::1'],
  ['under a name that only points here', { host: 'evil.example:3000' }],
  ['under a name that begins like ours', { host: 'localhost.evil.example' }],
  ['by a proxy on this machine', { 'X-Forwarded-For': '192.0.2.7' }],
  ['by a tunnel', { Forwarded: 'for=192.0.2.7' }],
  ['by a proxy that names no client', { Via: '1.1 proxy' }],
];

for (const [what, headers, peer] of strangers) {
  test(`dev mailbox: there is none for who asks ${what}`, async () => {
    const { mailbox, ask } = await openMailbox();
    await mailbox.send(message);
    for (const accept of ['text/html', 'application/json']) {
      await expectProblem(await ask({ ...headers, Accept: accept }, peer), 'not-found');
    }
  });
}

test('dev mailbox: every name of this machine reaches it, and the public one', async () => {
  const { ask } = await openMailbox();
  for (const host of ['localhost:3000', '127.0.0.1:8080', '[::1]:3000', 'dev.example.com']) {
    for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      assert.equal((await ask({ host }, peer)).status, 200, `${host} from ${peer}`);
    }
  }
});
