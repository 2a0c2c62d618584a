/** Browsers at the gate: what their cookies are worth there, and to whom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicUrl, startBlockbot } from '../../test/support/blockbot.ts';
import { expectIdentity, toAskGate } from '../../test/support/gate.ts';
import { makeOrganization, setRole } from '../../test/support/organizations.ts';
import { expectEmpty, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();
const ask = toAskGate(bot);
const appOrigin = 'https://app.example.com';

const cookie = (...parts: readonly string[]) => ({ Cookie: parts.join('; ') });
const session = (token: string) => `__Host-session=${token}`;
const access = (token: string) => `__Host-access=${token}`;

test('a browser reads by its cookies alone', async () => {
  const { access_token, user } = await bot.register();
  for (const method of ['GET', 'HEAD']) {
    const { claims } = await expectIdentity(await ask({ method, headers: cookie(access(access_token)) }));
    assert.equal(claims.sub, user.id);
  }
});

test('a browser needs no other proof than its own page to change something', async () => {
  const { access_token } = await bot.register();
  const own = cookie(access(access_token));
  for (const proof of [
    { 'Sec-Fetch-Site': 'same-origin' },
    { Origin: publicUrl },
    { Origin: appOrigin, 'Sec-Fetch-Site': 'same-site' },
  ])
    await expectIdentity(await ask({ method: 'POST', headers: { ...own, ...proof } }));
});

const foreign = [
  ['a POST of another site', 'POST', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
  [
    'a POST of another subdomain',
    'POST',
    { Origin: 'https://blog.example.com', 'Sec-Fetch-Site': 'same-site' },
  ],
  [
    'an app that claims our origin across sites',
    'DELETE',
    { Origin: appOrigin, 'Sec-Fetch-Site': 'cross-site' },
  ],
  ['a POST of nobody knows where', 'POST', {}],
  ['a POST of a page without an origin', 'POST', { Origin: 'null' }],
  ['a WebSocket of another site', 'GET', { Origin: 'https://evil.example' }],
  ['a proxy that tells no method', '', {}],
  ['a method in other letters', 'get', {}],
  ['a method of our making', 'GET, POST', {}],
] as const;
for (const [what, method, headers] of foreign) {
  test(`a browser is not believed: ${what}`, async () => {
    const { access_token, refresh_token } = await bot.register();
    for (const credential of [access(access_token), session(refresh_token)]) {
      const refused = await ask({ method, headers: { ...cookie(credential), ...headers } });
      assert.equal(refused.headers.get('x-identity'), null);
      await expectProblem(refused, 'cross-site-request');
    }
  });
}

test('a browser goes on by its session when the access token has expired, which stays as it is', async () => {
  const { refresh_token, user } = await bot.register();
  const headers = cookie(session(refresh_token), access('expired'));
  bot.countStatements();
  for (let nth = 0; nth < 4; nth += 1) {
    const response = await ask({ headers });
    assert.equal(response.headers.get('set-cookie'), null);
    assert.equal((await expectIdentity(response)).claims.sub, user.id);
  }
  assert.equal(bot.countStatements(), 4);
  const refreshed = await bot.send('POST', '/v1/auth/refresh', { body: { refresh_token } });
  const next = (await refreshed.json()) as { refresh_token: string };
  await expectIdentity(await ask({ headers }));
  await expectIdentity(await ask({ headers: cookie(session(next.refresh_token)) }));
  const last = await bot.send('POST', '/v1/auth/refresh', {
    body: { refresh_token: next.refresh_token },
  });
  assert.equal(last.status, 200);
  await expectProblem(await ask({ headers }), 'refresh-token-invalid');
});

test('a browser whose session has ended is nobody, whichever cookie it shows', async () => {
  const { refresh_token, access_token } = await bot.register();
  await bot.send('POST', '/v1/auth/logout', { body: { refresh_token } });
  await expectProblem(await ask({ headers: cookie(session(refresh_token)) }), 'refresh-token-invalid');
  await expectProblem(
    await ask({ headers: cookie(session(refresh_token), access(access_token)) }),
    'refresh-token-invalid',
  );
  await expectProblem(await ask({ headers: cookie(access(access_token)) }), 'authentication-required');
  await expectProblem(await ask({ headers: cookie(session('bbrt_x')) }), 'refresh-token-invalid');
});

test('a browser whose role has changed passes with the new one', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'admin']);
  const userId = people[1]?.user.id ?? '';
  const body = { organization_id: id };
  const token = people[1]?.access_token ?? '';
  const switched = await bot.send('POST', '/v1/sessions/current/organization', { token, body });
  const { access_token } = (await switched.json()) as { access_token: string };
  const headers = cookie(session(people[1]?.refresh_token ?? ''), access(access_token));
  const before = await expectIdentity(await ask({ headers }));
  assert.equal(before.claims['role'], 'admin');
  await setRole(bot, id, userId, 'owner');
  await bot.send('PATCH', `/v1/organizations/${id}/members/${userId}`, {
    token: people[0]?.access_token ?? '',
    body: { role: 'member' },
  });
  const after = await expectIdentity(await ask({ headers }));
  assert.equal(after.claims['role'], 'member');
});

test('a browser is left to the bearer where there is one', async () => {
  const [ada, bob] = [await bot.register(), await bot.register()];
  const headers = cookie(access(bob.access_token));
  const { claims } = await expectIdentity(await ask({ method: 'POST', token: ada.access_token, headers }));
  assert.equal(claims.sub, ada.user.id);
  await expectProblem(await ask({ token: 'x', headers }), 'access-token-invalid');
});

test('a browser asks beforehand without a credential, and for listed origins alone it passes', async () => {
  const headers = { Origin: appOrigin, 'Access-Control-Request-Method': 'POST' };
  const passed = await ask({ method: 'OPTIONS', headers });
  assert.equal(passed.headers.get('x-identity'), null);
  assert.match(passed.headers.get('ratelimit') ?? '', /^"api"/);
  await expectEmpty(passed, 204);
  const others = [
    { method: 'OPTIONS', headers: { ...headers, Origin: 'https://evil.example' } },
    { method: 'OPTIONS', headers: { Origin: appOrigin } },
    { method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'POST' } },
    { method: 'POST', headers },
    { method: '', headers },
  ];
  for (const other of others) assert.ok([401, 403].includes((await ask(other)).status));
});
