/** What an app on our own site does with the cookies of a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submit } from '../../test/support/app-link.ts';
import { startBlockbot, type TestRequest } from '../../test/support/blockbot.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { bareSettings } from '../../test/support/settings.ts';

const origin = 'https://app.example.com';
const bearerOnly = 'https://partner.example';
const bot = await startBlockbot({
  settings: { ...bareSettings, corsOrigins: new Set([origin, bearerOnly]), cookieOrigins: new Set([origin]) },
});

interface Answer {
  readonly access_token: string;
  readonly expires_in: number;
}

const ask = (path: 'token' | 'logout', cookie: string, headers: Readonly<Record<string, string>> = {}) => {
  const request: TestRequest = {
    body: {},
    headers: { Origin: origin, 'Sec-Fetch-Site': 'same-site', ...(cookie && { Cookie: cookie }), ...headers },
  };
  return bot.send('POST', `/v1/auth/browser/${path}`, request);
};

/** The cookies of a browser after a response, as it sends them back. */
const toCookies = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1).join())
    .filter((cookie) => !cookie.endsWith('='))
    .join('; ');

async function signIn() {
  const account = await bot.register();
  const { email, password } = account;
  const response = await submit(bot, '/auth/sign-in', { email, password });
  assert.equal(response.status, 303);
  return { ...account, cookie: toCookies(response) };
}

test('an app on our site gets an access token for the cookies, which rotate, and no refresh token', async () => {
  const { email, cookie } = await signIn();
  const response = await ask('token', cookie);
  assert.equal(response.headers.get('access-control-allow-credentials'), 'true');
  assert.equal(response.headers.get('access-control-allow-origin'), origin);
  assert.match(response.headers.get('vary') ?? '', /Origin/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const rotated = toCookies(response);
  assert.match(rotated, /__Host-session=bbrt_/);
  assert.notEqual(rotated, cookie);
  const answer = await expectJson<Answer>(response, 200);
  assert.deepEqual(Object.keys(answer), ['access_token', 'token_type', 'expires_in']);
  const me = await bot.send('GET', '/v1/me', { token: answer.access_token });
  assert.equal((await expectJson<{ user: { email: string } }>(me, 200)).user.email, email);
  await expectJson(await ask('token', rotated), 200);
});

test('two tabs that ask at once stay signed in', async () => {
  const { cookie } = await signIn();
  const responses = await Promise.all([ask('token', cookie), ask('token', cookie), ask('token', cookie)]);
  const cookies = responses.map((response) => /__Host-session=[^;]+/.exec(toCookies(response))?.[0]);
  assert.equal(new Set(cookies).size, 1);
  for (const response of responses) await expectJson(response, 200);
});

test('nobody else gets one: no other origin, no other site, and no page that can not say where it is from', async () => {
  const { cookie } = await signIn();
  for (const headers of [
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example.com' },
    { Origin: bearerOnly, 'Sec-Fetch-Site': 'cross-site' },
    { Origin: bearerOnly },
    { Origin: 'http://app.example.com' },
    { Origin: `${origin}:8443` },
    { Origin: `${origin}/` },
    { Origin: origin.toUpperCase() },
    { Origin: 'null' },
    { Origin: '' },
    { Origin: bareSettings.publicUrl, 'Sec-Fetch-Site': 'same-origin' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'none' },
    { 'Sec-Fetch-Site': '' },
  ]) {
    for (const path of ['token', 'logout'] as const) {
      const response = await ask(path, cookie, headers);
      const what = JSON.stringify(headers);
      assert.deepEqual(response.headers.getSetCookie(), [], what);
      if (headers.Origin !== undefined) {
        assert.equal(response.headers.get('access-control-allow-credentials'), null, what);
      }
      await expectProblem(response, 'cross-site-request');
    }
  }
  await expectJson(await ask('token', cookie), 200);
});

test('a form, which no browser would ask for leave to send, is refused', async () => {
  const { cookie } = await signIn();
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=a']) {
    const response = await ask('token', cookie, { 'Content-Type': type });
    assert.deepEqual(response.headers.getSetCookie(), []);
    await expectProblem(response, 'unsupported-media-type');
  }
});

test('a preflight says whose credentials are taken, and where', async () => {
  const preflight = (path: string, from: string) =>
    bot.send('OPTIONS', path, { headers: { Origin: from, 'Access-Control-Request-Method': 'POST' } });
  const allowed = await preflight('/v1/auth/browser/token', origin);
  assert.equal(allowed.headers.get('access-control-allow-credentials'), 'true');
  assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
  for (const [path, from] of [
    ['/v1/auth/browser/token', bearerOnly],
    ['/v1/auth/refresh', origin],
    ['/account/sign-out', origin],
  ] as const) {
    const response = await preflight(path, from);
    assert.equal(response.headers.get('access-control-allow-credentials'), null, path);
    assert.equal(response.headers.get('access-control-allow-origin'), from);
  }
});

test('cookies open nothing but this: elsewhere it takes the token', async () => {
  const { cookie } = await signIn();
  const headers = { Cookie: cookie, Origin: origin };
  await expectProblem(await bot.send('GET', '/v1/me', { headers }), 'authentication-required');
});

test('who is signed out, or was thrown out, gets none', async () => {
  await expectProblem(await ask('token', ''), 'authentication-required');
  await expectProblem(await ask('token', '__Host-session=bbrt_none'), 'refresh-token-invalid');
  const { cookie, user } = await signIn();
  await bot.database.sql`update refresh_tokens set revoked_at = now() where user_id = ${user.id}`;
  // Its access token is good until it expires; a new one is not given.
  await expectProblem(await ask('token', cookie), 'refresh-token-invalid');
});

test('signing out ends the session and takes the cookies away, as often as it is done', async () => {
  const { cookie, user } = await signIn();
  for (let i = 0; i < 2; i++) {
    const response = await ask('logout', cookie);
    const taken = response.headers.getSetCookie().filter((each) => /Max-Age=0/.test(each));
    assert.deepEqual(
      taken.map((each) => each.split('=', 1).join()),
      ['__Host-session', '__Host-access'],
    );
    await expectEmpty(response, 204);
  }
  const events = await bot.database.sql<{ times: number }>`
    select count(*)::int as times from audit_events where user_id = ${user.id} and event = 'session.signed_out'`;
  assert.deepEqual(events, [{ times: 1 }]);
  await expectProblem(await ask('token', cookie), 'refresh-token-invalid');
});
