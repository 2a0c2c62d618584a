import assert from 'node:assert/strict';
import test from 'node:test';
import { parseList } from 'structured-headers';
import { toLimitHeaders } from './headers.ts';
import type { Policy, Decision } from './store.ts';

const auth: Policy = {
  name: 'auth',
  limit: 10,
  windowMs: 900_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
};
const api: Policy = { ...auth, name: 'api', limit: 100, windowMs: 60_000 };
const passed: Decision = { allowed: true, remaining: 9, resetAfterMs: 899_001, retryAfterMs: 0 };
const denied: Decision = { allowed: false, remaining: 0, resetAfterMs: 1, retryAfterMs: 1 };

test('toLimitHeaders: a structured-field parser reads one item per policy back', () => {
  const { headers, refusal } = toLimitHeaders(
    [auth, api],
    [passed, { ...passed, remaining: 42, resetAfterMs: 17_000 }],
  );
  assert.equal(refusal, undefined);
  assert.deepEqual(parseList(headers['ratelimit-policy'] ?? ''), [
    ['auth', new Map(Object.entries({ q: 10, w: 900 }))],
    ['api', new Map(Object.entries({ q: 100, w: 60 }))],
  ]);
  assert.deepEqual(parseList(headers['ratelimit'] ?? ''), [
    ['auth', new Map(Object.entries({ r: 9, t: 900 }))],
    ['api', new Map(Object.entries({ r: 42, t: 17 }))],
  ]);
});

test('toLimitHeaders: has the form that the draft prints', () => {
  const { headers } = toLimitHeaders([auth], [passed]);
  assert.deepEqual(headers, { 'ratelimit-policy': '"auth";q=10;w=900', ratelimit: '"auth";r=9;t=900' });
});

test('toLimitHeaders: promises no moment while all units are free', () => {
  const { headers } = toLimitHeaders([auth], [{ ...passed, remaining: 10, resetAfterMs: 0 }]);
  assert.equal(headers['ratelimit'], '"auth";r=10');
});

test('toLimitHeaders: a refusal names the violated policies and waits for the last of them, at least a second', () => {
  const { headers, refusal } = toLimitHeaders([auth, api], [denied, passed]);
  assert.equal(refusal?.slug, 'quota-exceeded');
  assert.deepEqual(refusal.members, { 'violated-policies': ['auth'] });
  assert.deepEqual(refusal.headers, { 'Retry-After': '1' });
  assert.match(headers['ratelimit'] ?? '', /^"auth";r=0;t=1, "api";r=9/);
  const both = toLimitHeaders([auth, api], [denied, { ...denied, retryAfterMs: 2001 }]).refusal;
  assert.deepEqual(both?.members, { 'violated-policies': ['auth', 'api'] });
  assert.deepEqual(both.headers, { 'Retry-After': '3' });
});

test('toLimitHeaders: claims nothing of a policy that nobody counted', () => {
  const open: Decision = { ...passed, degraded: 'open' };
  assert.deepEqual(toLimitHeaders([auth], [open]).headers, { 'ratelimit-policy': '"auth";q=10;w=900' });
  const local: Decision = { ...passed, degraded: 'local' };
  assert.deepEqual(toLimitHeaders([auth, api], [open, local]).headers['ratelimit'], '"api";r=9;t=900');
});

test('toLimitHeaders: keeps what is left of a policy to itself that strangers share, and names it in a refusal', () => {
  const account: Policy = { ...auth, name: 'account', hidesRemaining: true };
  const { headers, refusal } = toLimitHeaders([auth, account], [passed, denied]);
  assert.deepEqual(headers, {
    'ratelimit-policy': '"auth";q=10;w=900, "account";q=10;w=900',
    ratelimit: '"auth";r=9;t=900',
  });
  assert.deepEqual(refusal?.members, { 'violated-policies': ['account'] });
  assert.deepEqual(refusal.headers, { 'Retry-After': '1' });
});

test('toLimitHeaders: a policy that is closed while the store is away is no fault of the caller', () => {
  const closed: Decision = { ...denied, retryAfterMs: 1000, degraded: 'closed' };
  const { refusal } = toLimitHeaders([auth, api], [closed, passed]);
  assert.equal(refusal?.slug, 'service-unavailable');
  assert.deepEqual(refusal.headers, { 'Retry-After': '1' });
});

test('toLimitHeaders: says nothing where nothing was limited', () => {
  assert.deepEqual(toLimitHeaders([], []), { headers: {}, refusal: undefined });
});
