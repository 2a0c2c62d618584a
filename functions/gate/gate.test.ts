/** The gate, as a proxy asks it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Permission } from '../../lib/core/permissions.ts';
import { isPermission } from '../../lib/core/permissions.ts';
import { insertApiKey } from '../../test/support/api-key-row.ts';
import { publicUrl, startBlockbot } from '../../test/support/blockbot.ts';
import { expectIdentity, toAskGate } from '../../test/support/gate.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { expectProblem } from '../../test/support/responses.ts';
import { serve } from '../../test/support/served-blockbot.ts';

const bot = await startBlockbot();
const ask = toAskGate(bot);
const appOrigin = 'https://app.example.com';

test('who has an access token passes, and the service is told by a token for it alone, for a minute', async () => {
  const { access_token: token, user, organization } = await bot.register();
  const { token: identity } = await expectIdentity(await ask({ token }));
  const served = await serve(bot);
  const keys = createRemoteJWKSet(new URL(`${served.url}/.well-known/jwks.json`));
  const options = { issuer: publicUrl, audience: 'billing', typ: 'at+jwt', algorithms: ['ES256'] };
  const { payload } = await jwtVerify(identity, keys, options);
  const { iat = 0, exp = 0, scope, ...claims } = payload;
  assert.deepEqual(claims, {
    iss: publicUrl,
    aud: 'billing',
    sub: user.id,
    org: organization.id,
    role: 'owner',
  });
  assert.equal(exp - iat, 60);
  const scopes = String(scope).split(' ');
  assert.ok(scopes.every(isPermission));
  assert.ok(scopes.includes('organization:delete'));
  const audience = 'https://reports.example.com';
  await assert.rejects(jwtVerify(identity, keys, { ...options, audience }), {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
  });
});

test('an identity is no credential of ours, here or at any other endpoint', async () => {
  const { access_token: token } = await bot.register();
  const { token: identity } = await expectIdentity(await ask({ token }));
  await expectProblem(await ask({ token: identity }), 'access-token-invalid');
  await expectProblem(await bot.send('GET', '/v1/me', { token: identity }), 'access-token-invalid');
});

test('who asks again gets the same token, and somebody else, or for another service, another one', async () => {
  const [ada, bob] = [await bot.register(), await bot.register()];
  const first = await expectIdentity(await ask({ token: ada.access_token }));
  const again = await expectIdentity(await ask({ token: ada.access_token, method: 'POST' }));
  assert.equal(again.token, first.token);
  const other = await expectIdentity(await ask({ token: bob.access_token }));
  assert.equal(other.claims.sub, bob.user.id);
  const query = 'audience=https://reports.example.com';
  const { claims } = await expectIdentity(await ask({ token: ada.access_token, query }));
  assert.equal(claims.aud, 'https://reports.example.com');
});

test('the permission in the address is demanded of a role and of a key', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'member']);
  const member = people[1]?.access_token ?? '';
  const query = 'audience=billing&permission=members:write';
  const switched = await bot.send('POST', '/v1/sessions/current/organization', {
    token: member,
    body: { organization_id: id },
  });
  const { access_token: token } = (await switched.json()) as { access_token: string };
  const refused = await ask({ token, query });
  assert.match(
    refused.headers.get('www-authenticate') ?? '',
    /error="insufficient_scope", scope="members:write"/,
  );
  await expectProblem(refused, 'permission-denied');
  await expectIdentity(await ask({ token, query: 'audience=billing&permission=members:read' }));
  const scopes: readonly Permission[] = ['members:read'];
  const key = await insertApiKey(bot, { organizationId: id, scopes });
  await expectProblem(await ask({ token: key.text, query }), 'permission-denied');
});

test('a program passes by its key, under its own limit, and is told apart from people', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const limit = { requests: 2, seconds: 60 };
  const key = await insertApiKey(bot, { organizationId: id, scopes: ['members:read', 'audit:read'], limit });
  const { claims } = await expectIdentity(await ask({ token: key.text }));
  const { sub, client_id, user_id, org, role, scope } = claims;
  assert.deepEqual(
    [sub, client_id, user_id, org, role, scope],
    [key.keyId, key.keyId, undefined, id, undefined, 'members:read audit:read'],
  );
  const last = await ask({ token: key.text });
  assert.match(last.headers.get('ratelimit') ?? '', /^"key";r=0;/);
  const refused = await ask({ token: key.text });
  assert.equal(refused.headers.get('x-identity'), null);
  assert.deepEqual((await expectProblem(refused, 'quota-exceeded'))['violated-policies'], ['key']);
});

test('a personal key is its own subject, and names its owner beside it', async () => {
  const { id, people } = await makeOrganization(bot, ['owner']);
  const userId = people[0]?.user.id ?? '';
  const { keyId, text } = await insertApiKey(bot, { organizationId: id, userId });
  const { claims } = await expectIdentity(await ask({ token: text }));
  assert.deepEqual([claims.sub, claims['client_id'], claims['user_id']], [keyId, keyId, userId]);
});

test('a person is limited like everywhere, and told so', async () => {
  const { access_token: token } = await bot.register();
  for (let nth = 0; nth < 100; nth += 1) await ask({ token });
  const refused = await ask({ token });
  assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
  assert.equal(refused.headers.get('x-identity'), null);
  await expectProblem(refused, 'quota-exceeded');
});

test('whoever is nobody gets the challenge that every endpoint of ours sends', async () => {
  const refused = await ask();
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer resource_metadata="/);
  await expectProblem(refused, 'authentication-required');
  for (const method of ['', 'POST']) {
    await expectProblem(await ask({ method }), 'authentication-required');
  }
  await expectProblem(await ask({ token: 'x' }), 'access-token-invalid');
  await expectProblem(await ask({ headers: { Authorization: 'Basic eA==' } }), 'authentication-required');
});

test('a role that has changed is refused at the next request', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'admin']);
  const admin = people[1];
  const body = { organization_id: id };
  const switched = await bot.send('POST', '/v1/sessions/current/organization', {
    token: admin?.access_token ?? '',
    body,
  });
  const { access_token: token } = (await switched.json()) as { access_token: string };
  await expectIdentity(await ask({ token }));
  const path = `/v1/organizations/${id}/members/${admin?.user.id}`;
  await bot.send('PATCH', path, { token: people[0]?.access_token ?? '', body: { role: 'member' } });
  await expectProblem(await ask({ token }), 'access-token-stale');
});

const misconfigured = [
  ['no audience', 'permission=members:read'],
  ['an unknown audience', 'audience=nobody'],
  ['our own audience', `audience=${publicUrl}`],
  ['an unknown permission', 'audience=billing&permission=members:wirte'],
  ['two permissions', 'audience=billing&permission=members:read&permission=members:write'],
  ['an unknown policy', 'audience=billing&policy=constructor'],
  ['an unknown word', 'audience=billing&permissions=members:write'],
] as const;
for (const [what, query] of misconfigured) {
  test(`an address with ${what} lets nobody pass, a preflight neither, and tells whoever asks`, async () => {
    await expectProblem(await ask({ query }), 'invalid-input');
    const { access_token: token } = await bot.register();
    const refused = await ask({ token, query });
    assert.equal(refused.headers.get('x-identity'), null);
    await expectProblem(refused, 'invalid-input');
    const headers = { Origin: appOrigin, 'Access-Control-Request-Method': 'POST' };
    await expectProblem(await ask({ method: 'OPTIONS', headers, query }), 'invalid-input');
  });
}

test('nothing that a client sends changes what is demanded', async () => {
  const { access_token: token } = await bot.register();
  const headers = {
    'X-Forwarded-Uri': '/v1/gate?audience=nobody',
    'X-Forwarded-Prefix': '/admin',
    'X-Original-URL': '/v1/gate?audience=nobody',
    Forwarded: 'for=192.0.2.9;host=evil.example;proto=http',
    'X-Forwarded-Host': 'evil.example',
    'X-Identity': 'forged',
  };
  const { claims } = await expectIdentity(await ask({ token, headers }));
  assert.deepEqual([claims.aud, claims.iss], ['billing', publicUrl]);
});

test('what is refused can be read by pages of listed origins', async () => {
  const refused = await ask({ headers: { Origin: appOrigin, Authorization: 'Bearer x' } });
  assert.equal(refused.headers.get('access-control-allow-origin'), appOrigin);
  assert.doesNotMatch(refused.headers.get('access-control-expose-headers') ?? '', /identity/i);
});
