/** When a request is sent once more, and that its caller can end the wait. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../test/support/blockbot.ts';
import { serve } from '../test/support/served-blockbot.ts';
import { createSignal } from '../test/support/signal.ts';
import { createClient } from './client.ts';
import { toProblem } from './problem.ts';
import { toWait } from './retry.ts';

const toHeaders = (retryAfter?: string) =>
  new Headers(retryAfter === undefined ? {} : { 'Retry-After': retryAfter });

function refusal(slug: string, status: number, retryAfter?: string) {
  const headers = toHeaders(retryAfter);
  return { error: toProblem({ type: `/problems/${slug}`, title: slug, status }, headers), headers };
}

const none = () => 0;
const first = { retries: 0, elapsed: 0 };

const cases: readonly (readonly [string, string, ReturnType<typeof refusal>, number | undefined])[] = [
  ['a limit before a read', 'GET /v1/me', refusal('quota-exceeded', 429, '2'), 2000],
  ['a limit before a sign-in', 'POST /v1/auth/login', refusal('quota-exceeded', 429, '2'), 2000],
  ['a limit that lasts', 'GET /v1/me', refusal('quota-exceeded', 429, '11'), undefined],
  ['a limit without a time', 'GET /v1/me', refusal('quota-exceeded', 429), undefined],
  [
    'a limit with a date',
    'GET /v1/me',
    refusal('quota-exceeded', 429, 'Thu, 26 Nov 2026 09:39:48 GMT'),
    undefined,
  ],
  ['no hash to be had', 'POST /v1/auth/login', refusal('overloaded', 503, '1'), 1000],
  ['no database at a read', 'GET /v1/me', refusal('service-unavailable', 503, '1'), 1000],
  ['no database at a deletion', 'DELETE /v1/sessions', refusal('service-unavailable', 503, '1'), 1000],
  ['no database at a sign-in', 'POST /v1/auth/login', refusal('service-unavailable', 503, '1'), undefined],
  ['no database at a change', 'PATCH /v1/me', refusal('service-unavailable', 503, '1'), undefined],
  ['no database at a refresh', 'POST /v1/auth/refresh', refusal('service-unavailable', 503, '1'), 1000],
  ['no database at signing out', 'POST /v1/auth/logout', refusal('service-unavailable', 503, '1'), 1000],
  ['a bug', 'GET /v1/me', refusal('internal-error', 500, '1'), undefined],
];

for (const [title, route, answer, wait] of cases) {
  test(`${title}: ${route} ${wait === undefined ? 'is not sent again' : 'is sent again'}`, () => {
    assert.equal(toWait(answer, { route, ...first }, none), wait);
  });
}

test('there is an end to it: three retries, and ten seconds in all', () => {
  const answer = refusal('quota-exceeded', 429, '4');
  const at = (retries: number, elapsed: number) =>
    toWait(answer, { route: 'GET /v1/me', retries, elapsed }, none);
  assert.equal(at(2, 0), 4000);
  assert.equal(at(3, 0), undefined);
  assert.equal(at(1, 6000), 4000);
  assert.equal(at(1, 6001), undefined);
});

test('who were refused at once come again one by one', () => {
  const answer = refusal('quota-exceeded', 429, '1');
  const waits = Array.from({ length: 50 }, () => toWait(answer, { route: 'GET /v1/me', ...first }) ?? 0);
  assert.ok(Math.min(...waits) >= 1000 && Math.max(...waits) < 1500);
  assert.ok(new Set(waits).size > 40);
});

const bot = await startBlockbot();
const served = await serve(bot);
const client = createClient({ baseUrl: served.url });

function toRefusal(slug: string) {
  const document = {
    type: `${served.url}/problems/${slug}`,
    title: slug,
    status: 503,
    request_id: 'request',
  };
  const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '1' };
  return new Response(JSON.stringify(document), { status: 503, headers });
}

test('a call waits as long as it is told, and is answered then', async () => {
  let refusals = 1;
  served.answer = () => (refusals-- > 0 ? toRefusal('overloaded') : undefined);
  const body = { email: 'retry@example.com', password: 'correct horse battery staple' };
  const startedAt = performance.now();
  const answer = await client.post('/v1/auth/register', { body });
  served.answer = undefined;
  assert.equal(answer.status, 201);
  assert.ok(performance.now() - startedAt >= 1000);
  assert.deepEqual(served.asked, ['POST /v1/auth/register', 'POST /v1/auth/register']);
});

test('who waits can stop waiting', async () => {
  const asked = createSignal();
  served.answer = () => {
    asked.give();
    return toRefusal('service-unavailable');
  };
  const controller = new AbortController();
  const call = client.get('/health/live', { signal: controller.signal });
  await asked.given;
  const requests = served.asked.length;
  // By now the answer is under way, or has been read and is waited upon.
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(call, /enough/);
  served.answer = undefined;
  assert.equal(served.asked.length, requests);
  const before = client.get('/health/live', { signal: AbortSignal.abort(new Error('too late')) });
  await assert.rejects(before, /too late/);
});
