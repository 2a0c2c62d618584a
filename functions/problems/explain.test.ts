import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problems } from '../../lib/core/problem.ts';
import { expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import explain from './explain.ts';

const bot = await startBlockbot();

test('every problem has a page that says what happened and what to do', async () => {
  for (const [slug, { status, title }] of Object.entries(problems)) {
    const response = await bot.send('GET', `/problems/${slug}`, {}, explain);
    const page = await response.text();
    assert.equal(response.status, 200, page);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.ok(page.includes(`<h1>${title}</h1>`), page);
    assert.ok(page.includes(`${status} ${slug}`), page);
    assert.doesNotMatch(page, /`|&lt;|\[object/);
  }
});

test('a problem that is not in the catalogue has no page, whatever it is called', async () => {
  for (const slug of ['unknown', 'toString', '__proto__', '%3Cscript%3E']) {
    await expectProblem(await bot.send('GET', `/problems/${slug}`, {}, explain), 'not-found');
  }
});
