import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, test } from 'node:test';
import type { LogFields } from '../../lib/core/log.ts';
import { createBreachCheck } from './breach-check.ts';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();
const breached = 'correct horse battery staple';

/** Pwned Passwords, as far as one password is concerned. */
async function startFakeRange(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  after(close);
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return { url: `http://127.0.0.1:${address.port}`, requests, close };
}

function createCheck(url: string) {
  const warnings: (LogFields | undefined)[] = [];
  const log = { warn: (_: string, fields?: LogFields) => void warnings.push(fields) };
  const environment = { BREACHED_PASSWORDS: 'check', BREACHED_PASSWORDS_URL: url } as const;
  return { isBreached: createBreachCheck(environment, log), warnings };
}

test('createBreachCheck finds a password among those that begin alike, and tells five characters of its hash', async () => {
  const suffix = sha1(breached).slice(5);
  const { url, requests } = await startFakeRange((_, response) => {
    response.end(`${'0'.repeat(35)}:3\r\n${suffix}:42\r\n${'F'.repeat(35)}:1`);
  });
  const { isBreached, warnings } = createCheck(`${url}/mirror/`);
  assert.equal(await isBreached(breached), true);
  assert.equal(await isBreached(`${breached}.`), false);
  assert.deepEqual(
    requests.map(({ url }) => url),
    [breached, `${breached}.`].map((password) => `/mirror/range/${sha1(password).slice(0, 5)}`),
  );
  assert.ok(requests.every(({ headers }) => headers['add-padding'] === 'true' && headers['user-agent']));
  assert.deepEqual(warnings, []);
});

test('createBreachCheck takes no padding for a find', async () => {
  const { url } = await startFakeRange((_, response) => {
    response.end(`${sha1(breached).slice(5)}:0\r\n${'F'.repeat(35)}:1`);
  });
  assert.equal(await createCheck(url).isBreached(breached), false);
});

test('createBreachCheck asks nobody unless it is told to', async () => {
  const { url, requests } = await startFakeRange((_, response) =>
    response.end(`${sha1(breached).slice(5)}:1`),
  );
  const log = { warn: () => assert.fail('a warning') };
  const check = createBreachCheck({ BREACHED_PASSWORDS: 'ignore', BREACHED_PASSWORDS_URL: url }, log);
  assert.equal(await check(breached), false);
  assert.deepEqual(requests, []);
});

const failures: readonly (readonly [
  what: string,
  fail: (response: ServerResponse) => void,
  reason: RegExp,
])[] = [
  [
    'says it is busy',
    (response) => response.writeHead(503).end(`${sha1(breached).slice(5)}:1`),
    /answered 503/,
  ],
  ['breaks the connection', (response) => response.destroy(), /socket|reset|closed/i],
  ['hangs', () => undefined, /timeout|aborted/i],
  ['hangs in the middle', (response) => response.write(`${sha1(breached).slice(5)}:1`), /timeout|aborted/i],
];

for (const [what, fail, reason] of failures) {
  test(`createBreachCheck lets the password pass and says why, once a second, where the other end ${what}`, async () => {
    const { url } = await startFakeRange((_, response) => fail(response));
    const { isBreached, warnings } = createCheck(url);
    assert.deepEqual(
      await Promise.all(Array.from({ length: 5 }, () => isBreached(breached))),
      Array(5).fill(false),
    );
    assert.equal(warnings.length, 1);
    assert.match(String(warnings[0]?.['reason']), reason);
    assert.ok(
      !JSON.stringify(warnings).includes(sha1(breached).slice(0, 5)),
      'the log tells of the password',
    );
  });
}

test('createBreachCheck lets the password pass where nobody is there', async () => {
  const { url, close } = await startFakeRange((_, response) => response.end());
  close();
  const { isBreached, warnings } = createCheck(url);
  assert.equal(await isBreached(breached), false);
  assert.match(String(warnings[0]?.['reason']), /ECONNREFUSED/);
});
