/** The contract of every endpoint that wants a signed-in caller: whatever is wrong with the credentials, it is a 401. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { base64url, type JWTHeaderParameters, SignJWT } from 'jose';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import { expectProblem } from '../support/responses.ts';
import { publicUrl, startBlockbot } from '../support/blockbot.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { callAlone } from './call-alone.ts';

const privateKey = await createPrivateKey('ES256');
const keys = await createJwtKeys([privateKey], { issuer: publicUrl });
const bot = await startBlockbot({ keys });
const signingKey = await crypto.subtle.importKey(
  'jwk',
  privateKey,
  { name: 'ECDSA', namedCurve: 'P-256' },
  false,
  ['sign'],
);
const { kid = '' } = privateKey;
const header = { alg: 'ES256', kid, typ: 'at+jwt' };
const now = Math.floor(Date.now() / 1000);
const claims = {
  iss: publicUrl,
  aud: publicUrl,
  sub: '01890a5d-ac96-774b-bcce-b302099a8057',
  sid: '01890a5d-ac96-774b-bcce-b302099a8058',
  iat: now,
  exp: now + 900,
  auth_time: now,
  amr: ['pwd'],
};

const sign = (payload: Record<string, unknown>, protectedHeader: JWTHeaderParameters = header) =>
  new SignJWT(payload).setProtectedHeader(protectedHeader).sign(signingKey);
const encode = (value: object) => base64url.encode(JSON.stringify(value));

const foreign = await createJwtKeys([{ ...(await createPrivateKey('ES256')), kid }], { issuer: publicUrl });
const genuine = await sign(claims);
const [genuineHeader, , genuineSignature] = genuine.split('.');
const publicKeyText = JSON.stringify(keys.publicKeySet.keys[0]);

const metadata = `resource_metadata="${publicUrl}/.well-known/oauth-protected-resource"`;

const badTokens: Readonly<Record<string, string>> = {
  'no token at all': 'x',
  'two parts only': genuine.split('.').slice(0, 2).join('.'),
  'an expired token': await sign({ ...claims, exp: now - 1 }),
  'a token of another issuer': await sign({ ...claims, iss: 'https://evil.example' }),
  'a token for another audience': await sign({ ...claims, aud: 'https://other.example' }),
  'a token without an audience': await sign({ ...claims, aud: undefined }),
  'a token without an expiry': await sign({ ...claims, exp: undefined }),
  'a token without a session': await sign({ ...claims, sid: undefined }),
  'a token of a foreign subject': await sign({ ...claims, sub: 'somebody' }),
  'a token of a foreign session': await sign({ ...claims, sid: 'a session' }),
  'an ID token (typ JWT)': await sign(claims, { ...header, typ: 'JWT' }),
  'a token without a type': await sign(claims, { alg: 'ES256', kid }),
  'a token of an unknown key': await sign(claims, { ...header, kid: 'unknown' }),
  'a token signed by a foreign key under our key id': await foreign.sign({
    ...claims,
    amr: ['pwd'],
    as_of: now * 1000,
  }),
  'alg none': `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${encode(claims)}.`,
  'alg none with a signature': `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${encode(claims)}.${genuineSignature}`,
  'HS256 with the public key as secret': await new SignJWT(claims)
    .setProtectedHeader({ ...header, alg: 'HS256' })
    .sign(new TextEncoder().encode(publicKeyText)),
  'a changed payload': `${genuineHeader}.${encode({ ...claims, sub: 'somebody-else' })}.${genuineSignature}`,
};

for (const endpoint of endpoints.filter(({ needsUser }) => needsUser)) {
  suite(`${endpoint.method} ${endpoint.path}`, () => {
    const body = endpoint.takesBody ? { body: endpoint.soundBody } : {};

    test('asks a caller without credentials to sign in', async () => {
      for (const headers of [
        {},
        { Authorization: '' },
        { Authorization: 'Basic eDp5' },
        { Authorization: 'Bearer' },
      ]) {
        const response = await callAlone(bot, endpoint, { ...body, headers });
        await expectProblem(response, 'authentication-required');
        assert.equal(response.headers.get('www-authenticate'), `Bearer ${metadata}`);
      }
    });

    for (const [description, token] of Object.entries(badTokens)) {
      test(`refuses ${description}`, async () => {
        const response = await callAlone(bot, endpoint, { ...body, token });
        const text = await response.clone().text();
        await expectProblem(response, 'access-token-invalid');
        assert.equal(response.headers.get('www-authenticate'), `Bearer error="invalid_token", ${metadata}`);
        assert.ok(token.length < 8 || !text.includes(token), 'the token is echoed');
      });
    }

    test('counts a bad credential against the address', async () => {
      const request = { ...body, token: 'x', address: '198.51.100.9' };
      const byAddress = endpoint.policies.filter(
        ({ keyedBy }) => keyedBy === 'address' || keyedBy === 'caller',
      );
      const [policy] = byAddress.toSorted((a, b) => a.limit - b.limit);
      assert.ok(policy);
      for (const one of byAddress) await bot.services.rateLimits.reset(one, 'address:198.51.100.9');
      const answers = await Promise.all(
        Array.from({ length: policy.limit + 1 }, () => callAlone(bot, endpoint, request)),
      );
      assert.equal(answers.filter(({ status }) => status === 429).length, 1);
    });
  });
}

test('every 401 names a challenge: of a session that has ended, and of refused credentials', async () => {
  const { access_token: token, refresh_token, email } = await bot.register();
  const binding = 'x'.repeat(43);
  const refused = [
    await bot.send('POST', '/v1/auth/login', { body: { email, password: 'not the password' } }),
    await bot.send('POST', '/v1/auth/refresh', { body: { refresh_token: 'nothing' } }),
    await bot.send('POST', '/v1/auth/email/verify', { body: { email, code: '000000', binding } }),
    await bot.send('POST', '/v1/auth/password/reset', {
      body: { email, code: '000000', binding, new_password: 'a new password' },
    }),
  ];
  for (const response of refused) {
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), `Bearer ${metadata}`);
  }
  await bot.send('POST', '/v1/auth/logout', { body: { refresh_token } });
  const ended = await bot.send('GET', '/v1/me', { token });
  await expectProblem(ended, 'access-token-stale');
  assert.equal(ended.headers.get('www-authenticate'), `Bearer error="invalid_token", ${metadata}`);
});

test('the log holds no token of all these', () => {
  assert.ok(bot.logLines.length > 0);
  for (const line of bot.logLines) assert.doesNotMatch(line, /eyJ/);
});
