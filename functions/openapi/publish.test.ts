import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expectEmpty, expectJson } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import publish from './publish.ts';

const bot = await startBlockbot();
const ask = (headers: Readonly<Record<string, string>> = {}) =>
  bot.send('GET', '/openapi.json', { headers }, publish);

test('openapi/publish answers the committed document, to be kept for five minutes', async () => {
  const response = await ask();
  assert.equal(response.headers.get('cache-control'), 'public, max-age=300');
  assert.equal(response.headers.get('content-type'), 'application/json');
  const committed: unknown = JSON.parse(readFileSync('openapi.json', 'utf8'));
  assert.deepEqual(await expectJson(response, 200), committed);
});

test('openapi/publish answers 304 to who has this version, weak or strong or one of several', async () => {
  const tag = (await ask()).headers.get('etag') ?? '';
  assert.match(tag, /^"[\w-]{22}"$/);
  for (const known of [tag, `W/${tag}`, `"another", ${tag}`, '*']) {
    const response = await ask({ 'If-None-Match': known });
    assert.equal(response.headers.get('etag'), tag);
    assert.equal(response.headers.get('cache-control'), 'public, max-age=300');
    await expectEmpty(response, 304);
  }
  for (const other of ['', '"another"', tag.slice(1, -1)]) {
    await expectJson(await ask({ 'If-None-Match': other }), 200);
  }
});
