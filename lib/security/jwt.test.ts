/** Access tokens. Long because each claim, and each attack of RFC 8725, has a case of its own. */
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import test, { type TestContext } from 'node:test';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, SignJWT } from 'jose';
import { type AccessTokenClaims, accessTokenLifetime, createJwtKeys, createPrivateKey } from './jwt.ts';
import { isProblem } from '../core/problem.ts';

const issuer = 'https://api.example.com';
const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const claims = {
  sub: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  sid: '017f22e2-79b0-7cc3-98c4-dc0c0c073990',
  org: '017f22e2-79b0-7cc3-98c4-dc0c0c073991',
  role: 'owner',
  auth_time: 1_767_323_000,
  amr: ['pwd'],
  as_of: 1_767_323_000_123,
} as const satisfies AccessTokenClaims;

const first = await createPrivateKey('ES256');
const second = await createPrivateKey('EdDSA');
const foreign = await createPrivateKey('ES256');

function freeze(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now });
}

async function assertRefused(verify: () => unknown, what: string): Promise<void> {
  await assert.rejects(
    async () => await verify(),
    (error) => {
      assert.ok(isProblem(error), `${what}: ${String(error)}`);
      assert.equal(error.slug, 'access-token-invalid', what);
      assert.deepEqual(error.headers, { 'WWW-Authenticate': 'Bearer error="invalid_token", ' });
      return true;
    },
    what,
  );
}

for (const alg of ['ES256', 'EdDSA'] as const) {
  test(`createJwtKeys signs and verifies with ${alg}`, async (t) => {
    freeze(t);
    const key = await createPrivateKey(alg);
    const keys = await createJwtKeys([key], { issuer });
    const token = await keys.sign(claims);
    assert.deepEqual(decodeProtectedHeader(token), { alg, kid: key.kid, typ: 'at+jwt' });
    const iat = now / 1000;
    const expected = {
      ...claims,
      amr: ['pwd'],
      iss: issuer,
      aud: issuer,
      iat,
      exp: iat + accessTokenLifetime,
    };
    assert.deepEqual(await keys.verify(token), expected);
    assert.deepEqual(await keys.verify(token), expected, 'remembered');
  });
}

test('sign leaves out the organization and the role of whoever has none', async () => {
  const { sign } = await createJwtKeys([first], { issuer });
  const { sub, sid, auth_time, amr, as_of } = claims;
  const payload = decodeJwt(await sign({ sub, sid, auth_time, amr, as_of }));
  assert.deepEqual(Object.keys(payload).sort(), [
    'amr',
    'as_of',
    'aud',
    'auth_time',
    'exp',
    'iat',
    'iss',
    'sid',
    'sub',
  ]);
});

test('sign names further audiences beside the issuer, each once, and verify takes such a token', async () => {
  const audience = ['https://billing.example.com', 'reports', 'reports', issuer];
  const { sign, verify } = await createJwtKeys([first], { issuer, audience });
  const token = await sign(claims);
  assert.deepEqual(decodeJwt(token).aud, [issuer, 'https://billing.example.com', 'reports']);
  assert.equal((await verify(token)).sub, claims.sub);
});

test('verify refuses what is meant for the further audiences alone', async () => {
  const audience = ['https://billing.example.com', 'reports'];
  const { verify } = await createJwtKeys([first], { issuer, audience });
  for (const aud of ['https://billing.example.com', 'reports', audience, []]) {
    const token = await forge({ payload: { aud } });
    await assertRefused(() => verify(token), String(aud));
  }
});

test('createJwtKeys signs with the first key and verifies by kid with each, so that keys can rotate', async () => {
  const before = await createJwtKeys([first], { issuer });
  const rotated = await createJwtKeys([second, first], { issuer });
  const after = await createJwtKeys([second], { issuer });
  const old = await before.sign(claims);
  const young = await rotated.sign(claims);
  assert.equal(decodeProtectedHeader(young).kid, second.kid);
  assert.equal((await rotated.verify(old)).sub, claims.sub);
  assert.equal((await after.verify(young)).sub, claims.sub);
  await assertRefused(() => after.verify(old), 'a key that is gone');
  await assertRefused(() => before.verify(young), 'a key that is not known yet');
});

interface Forgery {
  readonly header?: Readonly<Record<string, unknown>> & { readonly alg?: string };
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly key?: JWK;
}

/** A token as ours would be, but for what is told. */
async function forge({ header, payload, key = first }: Forgery = {}): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const ours = { iss: issuer, aud: issuer, iat, exp: iat + 60, ...claims, amr: [...claims.amr] };
  return new SignJWT({ ...ours, ...payload })
    .setProtectedHeader({ alg: 'ES256', kid: first.kid ?? '', typ: 'at+jwt', ...header })
    .sign(await importJWK(key, header?.alg ?? 'ES256'));
}

test('verify takes a token of another instance that holds our key', async () => {
  const { verify } = await createJwtKeys([first], { issuer });
  assert.equal((await verify(await forge())).sid, claims.sid);
});

const forgeries: readonly (readonly [what: string, forgery: Forgery])[] = [
  ['a foreign key under our kid', { key: foreign }],
  ['a foreign key under its own kid', { key: foreign, header: { kid: foreign.kid ?? '' } }],
  ['a key of ours under another’s kid', { header: { kid: second.kid ?? '' } }],
  ['no kid', { header: { kid: undefined } }],
  ['another type', { header: { typ: 'JWT' } }],
  ['no type', { header: { typ: undefined } }],
  ['another issuer', { payload: { iss: 'https://evil.example' } }],
  ['no issuer', { payload: { iss: undefined } }],
  ['our issuer with a slash', { payload: { iss: `${issuer}/` } }],
  ['another audience', { payload: { aud: 'https://other.example.com' } }],
  ['no audience', { payload: { aud: undefined } }],
  ['expired', { payload: { exp: Math.floor(Date.now() / 1000) - 1 } }],
  ['no expiry', { payload: { exp: undefined } }],
  ['no subject', { payload: { sub: undefined } }],
  ['no session', { payload: { sid: undefined } }],
  ['a subject that is no UUID', { payload: { sub: 'somebody' } }],
  ['a session that is no UUID', { payload: { sid: "'; select 1" } }],
  ['a UUID with a line end', { payload: { sid: `${claims.sid}\n` } }],
  ['an empty subject', { payload: { sub: '' } }],
  ['a subject that is no text', { payload: { sid: [claims.sid] } }],
  ['no time of issue', { payload: { iat: undefined } }],
  ['no time of sign-in', { payload: { auth_time: undefined } }],
  ['no way of sign-in', { payload: { amr: undefined } }],
  ['not valid yet', { payload: { nbf: Math.floor(Date.now() / 1000) + 600 } }],
];

test('verify refuses what is not pinned to us, even under a good signature', async () => {
  const { verify } = await createJwtKeys([first, second], { issuer });
  for (const [what, forgery] of forgeries) {
    const token = await forge(forgery);
    await assertRefused(() => verify(token), what);
    await assertRefused(() => verify(token), `${what}, once more`);
  }
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('verify refuses an algorithm that the token chose (RFC 8725, section 2.1)', async () => {
  const { verify, publicKeySet, sign } = await createJwtKeys([first], { issuer });
  const [, body = ''] = (await sign(claims)).split('.');
  for (const alg of ['none', 'None', 'NONE', '']) {
    const header = encode({ alg, kid: first.kid, typ: 'at+jwt' });
    await assertRefused(() => verify(`${header}.${body}.`), `alg "${alg}"`);
  }
  const [published] = publicKeySet.keys;
  assert.ok(published);
  const pem = createPublicKey({ key: published as Record<string, string>, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  for (const secret of [String(pem), JSON.stringify(published), published.x ?? '']) {
    const token = await new SignJWT(decodeJwt(await sign(claims)))
      .setProtectedHeader({ alg: 'HS256', kid: first.kid ?? '', typ: 'at+jwt' })
      .sign(Buffer.from(secret.padEnd(32)));
    await assertRefused(() => verify(token), 'HS256 with the public key as the secret');
  }
});

test('verify refuses a key that the token brings along', async () => {
  const { verify } = await createJwtKeys([first], { issuer });
  const { kty, crv, x, y } = foreign;
  const jwk = { kty, crv, x, y };
  await assertRefused(async () => verify(await forge({ key: foreign, header: { jwk } })), 'jwk');
});

test('verify refuses a token that was changed in any part', async () => {
  const { verify, sign } = await createJwtKeys([first], { issuer });
  const token = await sign(claims);
  const [header = '', body = '', signature = ''] = token.split('.');
  const other = encode({ ...decodeJwt(token), sub: '017f22e2-79b0-7cc3-98c4-000000000000' });
  const tampered = {
    'another subject': `${header}.${other}.${signature}`,
    'another header': `${encode({ ...decodeProtectedHeader(token), extra: 1 })}.${body}.${signature}`,
    'another signature': `${header}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'no signature': `${header}.${body}.`,
    'half a signature': `${header}.${body}.${signature.slice(0, 43)}`,
    'two parts': `${header}.${body}`,
    'four parts': `${token}.${signature}`,
    'no text': '',
    'no token': 'token',
    'space around': ` ${token} `,
  };
  await verify(token);
  for (const [what, text] of Object.entries(tampered)) await assertRefused(() => verify(text), what);
});

test('verify refuses a token from its last second on, remembered or not', async (t) => {
  freeze(t);
  const { verify, sign } = await createJwtKeys([first], { issuer });
  const remembered = await sign(claims);
  const fresh = await sign({ ...claims, auth_time: 1 });
  t.mock.timers.tick(accessTokenLifetime * 1000 - 1);
  assert.equal((await verify(remembered)).sub, claims.sub);
  t.mock.timers.tick(1);
  await assertRefused(() => verify(remembered), 'remembered');
  await assertRefused(() => verify(remembered), 'forgotten again');
  await assertRefused(() => verify(fresh), 'never seen');
});

test('verify checks a signature once for as long as it remembers, which is not more tokens than it may', async (t) => {
  const { verify, sign } = await createJwtKeys([first], { issuer, remembered: 3 });
  const tokens = await Promise.all([1, 2, 3, 4].map((auth_time) => sign({ ...claims, auth_time })));
  const check = t.mock.method(crypto.subtle, 'verify');
  const checks = async (...nths: readonly number[]) => {
    const before = check.mock.callCount();
    for (const nth of nths) await verify(tokens[nth] ?? '');
    return check.mock.callCount() - before;
  };
  assert.equal(await checks(0, 0, 1, 1, 2, 2, 0), 3);
  assert.equal(await checks(3), 1, 'a fourth pushes out the first');
  assert.equal(await checks(1, 2, 3), 0);
  assert.equal(await checks(0), 1);
  assert.equal(await checks(1), 1, 'which in turn pushed out the second');
});

test('publicKeySet publishes each key without its private part', async () => {
  const { publicKeySet } = await createJwtKeys([first, second], { issuer });
  const { kid, x, y } = first;
  assert.deepEqual(publicKeySet, {
    keys: [
      { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' },
      { kty: 'OKP', crv: 'Ed25519', x: second.x, kid: second.kid, alg: 'EdDSA', use: 'sig' },
    ],
  });
  const rsaPrivate = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'x5c'];
  const cluttered = await createJwtKeys([{ ...first, p: 'p', q: 'q', k: 'k' }], { issuer });
  for (const key of cluttered.publicKeySet.keys) {
    assert.deepEqual(
      rsaPrivate.filter((name) => name in key),
      [],
    );
  }
});

const { d, ...publicOnly } = first;
const unusable: readonly (readonly [what: string, keys: readonly JWK[]])[] = [
  ['no key', []],
  ['no private part', [publicOnly]],
  ['no kid', [{ ...publicOnly, d: d ?? '', kid: '' }]],
  ['no algorithm', [{ kty: 'EC', crv: 'P-256', x: first.x ?? '', y: first.y ?? '', d: d ?? '', kid: '1' }]],
  ['another algorithm', [{ ...first, alg: 'ES384' }]],
  ['a symmetric key', [{ kty: 'oct', k: 'c2VjcmV0', alg: 'HS256', kid: '1' }]],
  ['two keys under one kid', [first, { ...second, kid: first.kid ?? '' }]],
  ['a good key and one that is none', [first, { ...second, alg: 'RS256' }]],
];

test('createJwtKeys refuses a set that it could not sign with', async () => {
  for (const [what, keys] of unusable) await assert.rejects(createJwtKeys(keys, { issuer }), TypeError, what);
});

test('createPrivateKey makes a key with a kid of its own', async () => {
  const kids = await Promise.all(
    Array.from({ length: 20 }, async () => (await createPrivateKey('ES256')).kid),
  );
  assert.equal(new Set(kids).size, 20);
  assert.deepEqual(Object.keys(first), ['kty', 'crv', 'x', 'y', 'd', 'kid', 'alg']);
  assert.deepEqual(Object.keys(second), ['kty', 'crv', 'x', 'd', 'kid', 'alg']);
});
