/**
 * Tokens that end, are refused, or are shared, against a real Blockbot. Long because each way a session goes on or ends is a story of
 * its own on one store.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { startBlockbot } from '../test/support/blockbot.ts';
import { serve } from '../test/support/served-blockbot.ts';
import { createSharedStore } from '../test/support/shared-store.ts';
import { createSignal } from '../test/support/signal.ts';
import { createClient } from './client.ts';
import type { SessionChange, Tokens } from './session.ts';
import { createMemoryStore, type Store } from './store.ts';

const bot = await startBlockbot();
const served = await serve(bot);
const baseUrl = served.url;
const password = 'correct horse battery staple';

let people = 0;

async function signIn(store: Store = createMemoryStore()) {
  const email = `session-${++people}@example.com`;
  const client = createClient({ baseUrl, store });
  const changes: SessionChange[] = [];
  client.onSessionChange((change) => changes.push(change));
  await client.post('/v1/auth/register', { body: { email, password } });
  const change = async (changed: Partial<Tokens>) =>
    store.set('session', JSON.stringify({ ...(await readTokens(store)), ...changed }));
  served.asked.splice(0);
  return { client, store, email, changes, change };
}

async function readTokens(store: Store): Promise<Tokens> {
  return JSON.parse((await store.get('session')) ?? 'null') as Tokens;
}

const refreshes = () => served.asked.filter((request) => request === 'POST /v1/auth/refresh').length;

const ended = { expiresAt: 0 };

/** What a refresh is answered, until the test ends. */
function answerRefresh(
  answer: (request: Request) => Response | undefined | Promise<Response | undefined>,
): void {
  served.answer = (request) => (request.url.endsWith('/refresh') ? answer(request) : undefined);
}

test('one refresh serves all who ask at once, before the token ends', async () => {
  const { client, store, changes, change } = await signIn();
  const before = await readTokens(store);
  await change({ expiresAt: Date.now() + 29_000 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.get('/v1/me')));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(refreshes(), 1);
  const after = await readTokens(store);
  assert.notEqual(after.refreshToken, before.refreshToken);
  assert.equal(after.signIn, before.signIn);
  assert.ok(after.expiresAt > Date.now() + 890_000);
  assert.deepEqual(changes, ['signed-in']);
  await client.get('/v1/me');
  assert.equal(refreshes(), 1);
});

test('a token that the API takes no more is refreshed once, and the call made again', async () => {
  const { client, change } = await signIn();
  await change({ accessToken: 'e30.e30.e30' });
  const answers = await Promise.all(Array.from({ length: 5 }, () => client.get('/v1/me')));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
  assert.equal(refreshes(), 1);
  assert.equal(served.asked.filter((request) => request === 'GET /v1/me').length, 10);
});

test('any 401 about the token leads to a refresh, one that is new to this client too, and none leads to two', async () => {
  const { client, changes } = await signIn();
  const stale = {
    type: `${baseUrl}/problems/access-token-stale`,
    title: 'Old',
    status: 401,
    request_id: 'x',
  };
  served.answer = (request) =>
    request.url.endsWith('/me')
      ? new Response(JSON.stringify(stale), {
          status: 401,
          headers: { 'Content-Type': 'application/problem+json' },
        })
      : undefined;
  const { error } = await client.get('/v1/me');
  served.answer = undefined;
  assert.equal(error?.slug as string, 'access-token-stale');
  assert.deepEqual(served.asked, ['GET /v1/me', 'POST /v1/auth/refresh', 'GET /v1/me']);
  assert.deepEqual(changes, ['signed-in']);
});

test('a session that was ended elsewhere signs out, and says so', async () => {
  const { client, store, email, changes } = await signIn();
  await bot.database.sql`update refresh_tokens set revoked_at = now()
    where user_id = (select id from users where email = ${email})`;
  const { error } = await client.get('/v1/me');
  assert.equal(error?.slug, 'session-ended');
  assert.equal(await store.get('session'), undefined);
  assert.deepEqual(changes, ['signed-in', 'session-ended']);
  assert.deepEqual(served.asked, ['GET /v1/me', 'POST /v1/auth/refresh']);
});

test('a refresh token that was used twice signs out, and the call is answered as to a stranger', async () => {
  const { client, store, changes, change } = await signIn();
  const { refreshToken } = await readTokens(store);
  for (let nth = 0; nth < 2; nth++) {
    await change(ended);
    assert.equal((await client.get('/v1/me')).status, 200);
  }
  await change({ ...ended, refreshToken });
  const { error } = await client.get('/v1/me');
  assert.equal(error?.slug, 'authentication-required');
  assert.deepEqual(changes, ['signed-in', 'session-ended']);
});

test('a refresh that nobody answers, or that fails, signs nobody out', async () => {
  const { client, store, changes, change } = await signIn();
  await change(ended);
  const before = await store.get('session');
  answerRefresh(() => new Response('{}', { status: 502 }));
  assert.equal((await client.get('/v1/me')).error?.slug, 'unreadable-answer');
  answerRefresh(() => {
    throw new Error('the connection breaks');
  });
  assert.ok((await client.get('/v1/me')).error);
  const away = createClient({ baseUrl: 'http://127.0.0.1:1', store });
  assert.equal((await away.get('/v1/me')).error?.slug, 'network-error');
  served.answer = undefined;
  assert.equal(await store.get('session'), before);
  assert.equal((await client.get('/v1/me')).status, 200);
  assert.deepEqual(changes, ['signed-in']);
});

test('a token that is good for some seconds yet is sent when there is no newer one', async () => {
  const { client, change } = await signIn();
  await change({ expiresAt: Date.now() + 20_000 });
  answerRefresh(() => new Response('{}', { status: 502 }));
  assert.equal((await client.get('/v1/me')).status, 200);
  served.answer = undefined;
});

test('who signs out while a refresh is under way stays signed out', async () => {
  const { client, store, changes, change } = await signIn();
  await change(ended);
  const asked = createSignal();
  const signedOut = createSignal();
  answerRefresh(() => {
    asked.give();
    return signedOut.given;
  });
  const me = client.get('/v1/me');
  await asked.given;
  await client.signOut();
  signedOut.give();
  assert.equal((await me).error?.slug, 'authentication-required');
  served.answer = undefined;
  assert.equal(await store.get('session'), undefined);
  assert.deepEqual(changes, ['signed-in', 'signed-out']);
});

test('a call of one person is never made again with the tokens of the next', async () => {
  const { client, store, change, changes } = await signIn();
  await change({ accessToken: 'e30.e30.e30' });
  const other = createClient({ baseUrl, store });
  let first = true;
  served.answer = async (request) => {
    if (!request.url.endsWith('/me') || !first) return undefined;
    first = false;
    await other.post('/v1/auth/register', { body: { email: 'next@example.com', password } });
    return undefined;
  };
  const { error } = await client.patch('/v1/me', { body: { name: 'Mine' } });
  served.answer = undefined;
  assert.equal(error?.slug, 'access-token-invalid');
  assert.deepEqual(changes, ['signed-in', 'signed-in']);
  assert.equal((await client.get('/v1/me')).data?.user.name, null);
});

test('who is aborted while all wait for a refresh ends no refresh', async () => {
  const { client, change } = await signIn();
  await change(ended);
  const asked = createSignal();
  const goOn = createSignal();
  answerRefresh(() => {
    asked.give();
    return goOn.given;
  });
  const controller = new AbortController();
  const aborted = client.get('/v1/me', { signal: controller.signal });
  const waiting = client.get('/v1/me');
  await asked.given;
  const reason = new Error('the page was left');
  controller.abort(reason);
  await assert.rejects(aborted, reason);
  goOn.give();
  assert.equal((await waiting).status, 200);
  served.answer = undefined;
  assert.equal(refreshes(), 1);
});

test('two clients of one store get on with each other, whoever refreshes', async () => {
  const { client, store, change } = await signIn();
  const other = createClient({ baseUrl, store });
  for (let nth = 0; nth < 5; nth++) {
    await change(ended);
    const answers = await Promise.all([
      client.get('/v1/me'),
      other.get('/v1/me'),
      client.get('/v1/sessions'),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
  }
});

test('what another tab does to a shared store is told, and its refreshes are not', async () => {
  const toTab = createSharedStore();
  const here = createClient({ baseUrl, store: toTab() });
  const told = new EventTarget();
  const changes: SessionChange[] = [];
  const stop = here.onSessionChange((change) => {
    changes.push(change);
    told.dispatchEvent(new Event('told'));
  });
  const { client: there, change } = await signIn(toTab());
  assert.deepEqual(changes, ['signed-in']);
  await change(ended);
  await there.get('/v1/me');
  assert.equal((await here.get('/v1/me')).status, 200);
  assert.deepEqual(changes, ['signed-in']);
  const next = once(told, 'told');
  await there.signOut();
  await next;
  assert.deepEqual(changes, ['signed-in', 'signed-out']);
  stop();
  await there.post('/v1/auth/register', { body: { email: 'after@example.com', password } });
  assert.deepEqual(changes, ['signed-in', 'signed-out']);
});

test('a store in which somebody else has written is one in which nobody is signed in', async () => {
  for (const text of ['{', '"text"', '{}', 'null', '[]']) {
    const store = createMemoryStore();
    for (const name of ['session', 'devices', 'binding:sign-in']) await store.set(name, text);
    const client = createClient({ baseUrl, store });
    assert.equal(await client.isSignedIn(), false);
    assert.equal((await client.get('/v1/me')).error?.slug, 'authentication-required');
    const asked = await client.post('/v1/auth/magic-link', { body: { email: 'odd@example.com' } });
    assert.equal(asked.status, 202, JSON.stringify(asked.error));
  }
});
