/** The client against a real Blockbot that listens: routes, answers, and what it keeps of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../test/support/blockbot.ts';
import { lastEmail } from '../test/support/mailed.ts';
import { serve } from '../test/support/served-blockbot.ts';
import { createClient } from './client.ts';
import { createMemoryStore } from './store.ts';

const bot = await startBlockbot();
const served = await serve(bot);
const baseUrl = served.url;
const password = 'correct horse battery staple';

let people = 0;

/** Somebody new, signed in. */
async function register() {
  const email = `client-${++people}@example.com`;
  const client = createClient({ baseUrl });
  const answer = await client.post('/v1/auth/register', { body: { email, password } });
  assert.equal(answer.status, 201, JSON.stringify(answer.error));
  return { client, email, user: answer.data.user };
}

test('whoever registers is signed in, and signed out when they say so', async () => {
  const { client, email, user } = await register();
  const me = await client.get('/v1/me');
  assert.ok(!me.error);
  assert.equal(me.data.user.email, email);
  assert.match(me.requestId ?? '', /^[\w-]{36}$/);
  assert.equal(me.headers.get('ratelimit-policy'), '"api";q=100;w=60');
  assert.equal(await client.isSignedIn(), true);
  const signedOut = await client.signOut();
  assert.equal(signedOut?.status, 204);
  assert.equal(await client.isSignedIn(), false);
  const [row] = await bot.database.sql<{ revoked: boolean }>`
    select revoked_at is not null as revoked from refresh_tokens where user_id = ${user.id}`;
  assert.deepEqual(row, { revoked: true });
  const refused = await client.get('/v1/me');
  assert.equal(refused.error?.slug, 'authentication-required');
  assert.equal(await client.signOut(), undefined);
});

test('a path parameter is put into its path, and none makes another path of it', async () => {
  const { client } = await register();
  const { data } = await client.get('/v1/sessions');
  const id = data?.sessions[0]?.id ?? '';
  assert.equal((await client.delete('/v1/sessions/{id}', { path: { id } })).status, 204);
  assert.equal(served.asked.at(-1), `DELETE /v1/sessions/${id}`);
  for (const odd of ['', '.', '..']) {
    await assert.rejects(client.delete('/v1/sessions/{id}', { path: { id: odd } }), TypeError);
  }
  await client.delete('/v1/sessions/{id}', { path: { id: '../me?a#b' } });
  assert.ok(served.asked.includes('DELETE /v1/sessions/..%2Fme%3Fa%23b'));
});

test('a problem has its slug, its members and the id of the request', async () => {
  const client = createClient({ baseUrl });
  const { error, requestId } = await client.post('/v1/auth/register', {
    body: { email: 'ada', password: 'x' },
  });
  assert.equal(error?.slug, 'invalid-input');
  assert.deepEqual(
    error.errors.map(({ pointer }) => pointer),
    ['#/email', '#/password'],
  );
  assert.equal(error.status, 422);
  assert.equal(error.request_id, requestId);
  assert.ok(error instanceof Error);
  assert.equal(error.message, 'Some of the input is not acceptable');
});

test('a refusal by a limit tells when to come again and which limits, and is not waited for when that is long', async () => {
  const client = createClient({ baseUrl });
  served.address = '192.0.2.1';
  const attempt = () =>
    client.post('/v1/auth/login', { body: { email: 'nobody@example.com', password: 'x' } });
  let { error } = await attempt();
  for (let nth = 0; error?.slug !== 'quota-exceeded' && nth < 20; nth++) ({ error } = await attempt());
  served.address = undefined;
  assert.equal(error?.slug, 'quota-exceeded');
  assert.deepEqual(error['violated-policies'], ['auth']);
  assert.ok(error.retryAfter > 10, String(error.retryAfter));
});

test('nobody there, and somebody else there, are told apart', async () => {
  const nobody = createClient({ baseUrl: 'http://127.0.0.1:1' });
  const { error } = await nobody.get('/health/live');
  assert.equal(error?.slug, 'network-error');
  assert.ok(error.cause instanceof TypeError);
  const client = createClient({ baseUrl });
  const pages = [
    new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
    new Response('<h1>Sign in to this network</h1>', { headers: { 'Content-Type': 'text/html' } }),
    new Response('{"type":"about:blank"}', {
      status: 403,
      headers: { 'Content-Type': 'application/problem+json' },
    }),
    new Response('{"half":', { headers: { 'Content-Type': 'application/json' } }),
  ];
  for (const page of pages) {
    served.answer = () => page;
    const answer = await client.get('/health/live');
    assert.equal(answer.error?.slug, 'unreadable-answer');
    assert.equal(answer.error.status, page.status);
  }
  served.answer = undefined;
});

test('a page is text, and what is ill tells so as data', async () => {
  const client = createClient({ baseUrl });
  const page = await client.get('/problems/{slug}', { path: { slug: 'not-found' } });
  assert.match(page.data ?? '', /^<!doctype html>/i);
  const ill = JSON.stringify({ status: 'fail', checks: {} });
  served.answer = () =>
    new Response(ill, { status: 503, headers: { 'Content-Type': 'application/health+json' } });
  const health = await client.get('/health');
  served.answer = undefined;
  assert.equal(health.status, 503);
  assert.equal(health.data.status, 'fail');
});

test('a header of the caller is sent, and an Authorization of theirs in place of ours', async () => {
  const { client } = await register();
  let authorization: string | null = null;
  served.answer = (request) => {
    authorization = request.headers.get('authorization');
    return undefined;
  };
  const answer = await client.get('/v1/me', { headers: { authorization: 'Bearer another' } });
  assert.equal(authorization, 'Bearer another');
  assert.equal(answer.error?.slug, 'access-token-invalid');
  const document = await client.get('/openapi.json');
  const etag = document.headers?.get('etag') ?? '';
  const known = await client.get('/openapi.json', { headers: { 'If-None-Match': etag } });
  served.answer = undefined;
  assert.equal(known.status, 304);
});

test('the device token of an address is sent with its next sign-in, and with no other', async () => {
  const store = createMemoryStore();
  const client = createClient({ baseUrl, store });
  const emails = ['device-1@example.com', 'device-2@example.com'];
  const given = [];
  for (const email of emails) {
    const { data } = await client.post('/v1/auth/register', { body: { email, password } });
    given.push(data && 'device_token' in data ? data.device_token : undefined);
  }
  await client.signOut();
  await client.post('/v1/auth/login', { body: { email: ' Device-1@example.com', password } });
  assert.deepEqual(served.lastBody('/v1/auth/login'), {
    email: ' Device-1@example.com',
    password,
    device_token: given[0],
  });
  await createClient({ baseUrl }).post('/v1/auth/login', {
    body: { email: 'device-1@example.com', password },
  });
  assert.deepEqual(served.lastBody('/v1/auth/login'), { email: 'device-1@example.com', password });
});

test('the binding of an email is sent with its code, and forgotten when that was used', async () => {
  const store = createMemoryStore();
  const client = createClient({ baseUrl, store });
  const email = 'binding@example.com';
  const asked = await client.post('/v1/auth/magic-link', { body: { email } });
  assert.equal(asked.status, 202);
  const { code } = await lastEmail(bot, email, 'sign-up');
  const wrong = await client.post('/v1/auth/magic-link/verify', {
    body: { email: 'other@example.com', code },
  });
  assert.equal(wrong.error?.slug, 'invalid-input');
  const signedIn = await client.post('/v1/auth/magic-link/verify', { body: { email, code } });
  assert.equal(signedIn.status, 200, JSON.stringify(signedIn.error));
  assert.equal((await client.get('/v1/me')).data?.user.email, email);
  await client.post('/v1/auth/magic-link', { body: { email } });
  assert.equal(Reflect.get(served.lastBody('/v1/auth/magic-link') as object, 'binding'), undefined);
});

test('the binding of registering keeps the password when the mailed link confirms the address', async () => {
  const { client, email } = await register();
  const { token } = await lastEmail(bot, email, 'email-verification');
  const verified = await client.post('/v1/auth/email/verify', { body: { token } });
  assert.equal(verified.status, 200, JSON.stringify(verified.error));
  const again = await createClient({ baseUrl }).post('/v1/auth/login', { body: { email, password } });
  assert.equal(again.status, 200);
});

test('who deletes the account is signed out', async () => {
  const { client } = await register();
  assert.equal((await client.delete('/v1/me', { body: { password } })).status, 204);
  assert.equal(await client.isSignedIn(), false);
});

test('an access token for another service is to be had while somebody is signed in', async () => {
  const { client, user } = await register();
  const [, payload = ''] = (await client.accessToken())?.split('.') ?? [];
  assert.equal(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub, user.id);
  await client.signOut();
  assert.equal(await client.accessToken(), undefined);
});
