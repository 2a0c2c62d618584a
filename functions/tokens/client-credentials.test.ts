/** Tokens for programs: what an API key is exchanged for, and by whom it is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { insertApiKey } from '../../test/support/api-key-row.ts';
import { publicUrl, startBlockbot, type TestRequest } from '../../test/support/blockbot.ts';
import { makeOrganization, setRole } from '../../test/support/organizations.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { createApiKey } from '../../lib/security/api-key.ts';

const bot = await startBlockbot();

interface Answer {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

function exchange(fields: Readonly<Record<string, string>>, { headers, ...more }: TestRequest = {}) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString();
  return bot.send('POST', '/v1/auth/token', { body, headers: { ...form, ...headers }, ...more });
}

const toBasic = (id: string, secret: string) => ({
  Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

async function prepare() {
  const { id, people } = await makeOrganization(bot, ['owner', 'admin']);
  const key = await insertApiKey(bot, { organizationId: id, scopes: ['members:read', 'audit:read'] });
  return { id, people, key, credentials: { client_id: key.keyId, client_secret: key.text } };
}

async function expectRefused(response: Response, slug: 'client-invalid' | 'scope-invalid', error: string) {
  const document = await expectProblem(response, slug);
  assert.equal(Reflect.get(document, 'error'), error);
}

test('a key is exchanged for a token that any service can verify by our public keys', async () => {
  const { id, key, credentials } = await prepare();
  bot.countStatements();
  const answer = await expectJson<Answer>(await exchange(credentials), 200);
  assert.equal(bot.countStatements(), 1);
  const { access_token, ...rest } = answer;
  assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 900, scope: 'members:read audit:read' });
  const jwks = await expectJson<Parameters<typeof createLocalJWKSet>[0]>(
    await bot.send('GET', '/.well-known/jwks.json'),
    200,
  );
  const { payload, protectedHeader } = await jwtVerify(access_token, createLocalJWKSet(jwks), {
    issuer: publicUrl,
    audience: publicUrl,
    typ: 'at+jwt',
  });
  assert.equal(protectedHeader.typ, 'at+jwt');
  const { sub, client_id, user_id, org, scope, sid, exp = 0, iat = 0 } = payload;
  assert.deepEqual(
    [sub, client_id, user_id, org, scope, sid, exp - iat],
    [key.keyId, key.keyId, undefined, id, 'members:read audit:read', undefined, 900],
  );
});

test('it opens nothing that is for people', async () => {
  const { access_token: token } = await expectJson<Answer>(
    await exchange((await prepare()).credentials),
    200,
  );
  for (const path of ['/v1/me', '/v1/sessions', '/v1/organizations']) {
    await expectProblem(await bot.send('GET', path, { token }), 'access-token-invalid');
  }
});

test('credentials come by HTTP Basic as well, beside which the body may say whose they are', async () => {
  const { key } = await prepare();
  const headers = toBasic(key.keyId, key.text);
  await expectJson(await exchange({}, { headers }), 200);
  await expectJson(await exchange({ client_id: key.keyId }, { headers }), 200);
  await expectJson(await exchange({ client_id: '', client_secret: '' }, { headers }), 200);
});

test('credentials that come both ways, or are of two clients, are refused', async () => {
  const { key, credentials } = await prepare();
  const other = await prepare();
  const headers = toBasic(key.keyId, key.text);
  for (const fields of [
    credentials,
    other.credentials,
    { client_secret: key.text },
    { client_secret: 'password' },
    { client_id: other.key.keyId },
    { client_id: key.keyId.toUpperCase() },
  ]) {
    const document = await expectProblem(await exchange(fields, { headers }), 'malformed-request');
    assert.equal(Reflect.get(document, 'error'), 'invalid_request');
  }
});

test('a token is of as few scopes as are asked for, and of none that the key has not', async () => {
  const { credentials } = await prepare();
  const ask = (scope: string) => exchange({ ...credentials, scope });
  const { scope, access_token } = await expectJson<Answer>(await ask('audit:read audit:read'), 200);
  assert.equal(scope, 'audit:read');
  assert.equal(decodeJwt(access_token)['scope'], 'audit:read');
  for (const wrong of [
    'members:write',
    'members:read members:write',
    'everything',
    'members:read  audit:read',
  ])
    await expectRefused(await ask(wrong), 'scope-invalid', 'invalid_scope');
});

test('a personal key gives what its owner’s role allows now, is the subject itself and names its owner', async () => {
  const { id, people } = await prepare();
  const userId = people[1]?.user.id ?? '';
  const scopes = ['members:read', 'members:write'] as const;
  const { keyId, text } = await insertApiKey(bot, { organizationId: id, userId, scopes });
  await setRole(bot, id, userId, 'member');
  const response = await exchange({ client_id: keyId, client_secret: text });
  const { scope, access_token } = await expectJson<Answer>(response, 200);
  assert.equal(scope, 'members:read');
  const { sub, client_id, user_id } = decodeJwt(access_token);
  assert.deepEqual([sub, client_id, user_id], [keyId, keyId, userId]);
});

test('a wrong id, a wrong secret, an expired and a revoked key are refused alike', async () => {
  const { id, key, credentials } = await prepare();
  const expired = await insertApiKey(bot, { organizationId: id, expiresIn: -1 });
  const revoked = await insertApiKey(bot, { organizationId: id });
  await bot.database.sql`update api_keys set revoked_at = now() where id = ${revoked.keyId}`;
  for (const [fields, headers] of [
    [{ client_id: key.keyId }, {}],
    [{ client_secret: key.text }, {}],
    [{ ...credentials, client_id: revoked.keyId }, {}],
    [{ ...credentials, client_secret: createApiKey(key.keyId).text }, {}],
    [{ ...credentials, client_secret: 'password' }, {}],
    [{ client_id: expired.keyId, client_secret: expired.text }, {}],
    [{ client_id: revoked.keyId, client_secret: revoked.text }, {}],
    [{}, toBasic(key.keyId, 'password')],
    [{}, toBasic('', key.text)],
    [{}, { Authorization: 'Basic !' }],
    [{}, { Authorization: `Bearer ${key.text}` }],
  ] as const) {
    const response = await exchange({ ...fields }, { headers });
    assert.equal(response.headers.get('www-authenticate'), 'Basic realm="token"');
    await expectRefused(response, 'client-invalid', 'invalid_client');
  }
});

test('failures are counted by address, and successes are not', async () => {
  const { key, credentials } = await prepare();
  const address = '198.51.100.20';
  for (let nth = 0; nth < 12; nth += 1) await expectJson(await exchange(credentials, { address }), 200);
  const wrong = { client_id: key.keyId, client_secret: createApiKey(key.keyId).text };
  for (let nth = 0; nth < 10; nth += 1) assert.equal((await exchange(wrong, { address })).status, 401);
  await expectProblem(await exchange(credentials, { address }), 'quota-exceeded');
});

test('clients of OAuth, which read no other media type, are refused in JSON', async () => {
  const headers = { Accept: 'application/json' };
  const response = await exchange({ client_id: 'nobody', client_secret: 'nothing' }, { headers });
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal((await expectJson<{ error: string }>(response, 401)).error, 'invalid_client');
});
