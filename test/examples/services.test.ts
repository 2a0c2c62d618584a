/** The examples of docs/verify-tokens.md, run as they stand, against a Blockbot that people register at. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { importJWK, type JWK, SignJWT } from 'jose';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { testBinaries } from '../support/postgres.ts';
import { expectJson } from '../support/responses.ts';
import { audience, type Issuer, startIssuer } from './issuer.ts';
import { examples } from './programs.ts';

const ask = (origin: string, token?: string) =>
  fetch(origin, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });

async function expectTaken(origin: string, token: string, sub: string): Promise<void> {
  const who = await expectJson<{ sub: string }>(await ask(origin, token), 200);
  assert.equal(who.sub, sub);
}

interface Forgery {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly key?: JWK;
}

/** A token as Blockbot signs it, but for what is told. */
async function forge({ url, privateKeys }: Issuer, { header, payload, key }: Forgery = {}): Promise<string> {
  const [signing = {}] = privateKeys();
  const { alg = '', kid = '' } = signing;
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: url, aud: [url, audience], sub: 'somebody', iat, exp: iat + 60 };
  return new SignJWT({ ...claims, ...payload })
    .setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header })
    .sign(await importJWK(key ?? signing, alg));
}

const foreign = await createPrivateKey('ES256');
const forgeries: Readonly<Record<string, Forgery>> = {
  'an expired token': { payload: { exp: Math.floor(Date.now() / 1000) - 120 } },
  'a token for nobody': { payload: { aud: undefined } },
  'a token for another service': { payload: { aud: 'https://reports.example.com' } },
  'a token without an expiry': { payload: { exp: undefined } },
  'a token of another issuer': { payload: { iss: 'https://evil.example' } },
  'a token that is no access token': { header: { typ: 'JWT' } },
  'a foreign signature under our kid': { key: foreign },
};

/** The payload of one token under the signature of another. */
function tamper(token: string, other: string): string {
  const [header, , signature] = token.split('.');
  return [header, other.split('.')[1], signature].join('.');
}

// A skipped suite runs its body all the same, and one kind of Postgres is enough.
for (const { name, start, ...example } of examples) {
  const skip = testBinaries === undefined ? example.skip : 'one kind of Postgres is enough';

  suite(name, { skip }, async () => {
    if (skip !== false) return;
    const issuer = await startIssuer();
    const origin = await start(issuer.url);
    const { access_token, refresh_token, user } = await issuer.register();

    test('takes the token of who has registered', () => expectTaken(origin, access_token, user.id));

    test('takes the identity that a gate in front tells, and no other', async () => {
      // A proxy that verifies by a service asks about the caller's own token.
      if (name.includes(' before ')) return;
      const identity = await forge(issuer, { payload: { aud: audience, sub: 'by the gate' } });
      const other = await forge(issuer, { payload: { aud: 'https://reports.example.com' } });
      const told = await fetch(origin, { headers: { 'X-Identity': identity } });
      assert.equal((await expectJson<{ sub: string }>(told, 200)).sub, 'by the gate');
      assert.equal((await fetch(origin, { headers: { 'X-Identity': other } })).status, 401);
    });

    test('asks who comes without a token for one', async () => {
      const response = await ask(origin);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
    });

    test('refuses what is not meant for it, or was changed', async () => {
      await expectTaken(origin, await forge(issuer), 'somebody');
      const refused = Object.entries(forgeries).map(
        async ([what, forgery]) => [what, await forge(issuer, forgery)] as const,
      );
      const tokens = [
        ...(await Promise.all(refused)),
        ['a token for Blockbot alone', await forge(issuer, { payload: { aud: issuer.url } })] as const,
        ['a changed token', tamper(access_token, await forge(issuer))] as const,
        ['half a token', access_token.slice(0, 200)] as const,
      ];
      for (const [what, token] of tokens) {
        const response = await ask(origin, token);
        assert.equal(response.status, 401, what);
        assert.equal(response.headers.get('www-authenticate'), 'Bearer error="invalid_token"', what);
      }
    });

    test('takes tokens of the old key and of the new one when keys rotate', async () => {
      await issuer.rotate();
      const next = await issuer.refresh(refresh_token);
      await expectTaken(origin, next.access_token, user.id);
      await expectTaken(origin, access_token, user.id);
      if (!example.fetchesAtOnce) return;
      await issuer.rotate();
      const last = await issuer.refresh(next.refresh_token);
      await expectTaken(origin, last.access_token, user.id);
    });
  });
}

test('every block of docs/verify-tokens.md that is no command stands in an example as it is', () => {
  const files = readdirSync('examples', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:js|py|go|conf|yml)$/.test(file) && !file.includes('node_modules'))
    .map((file) => readFileSync(join('examples', file), 'utf8'));
  const blocks = [...readFileSync('docs/verify-tokens.md', 'utf8').matchAll(/^```(\w+)\n(.*?)^```/gms)];
  const shown = blocks.filter(([, language]) => language !== 'sh' && language !== 'json');
  assert.equal(shown.length, 5);
  for (const [, , text = ''] of shown)
    assert.ok(
      files.some((file) => file.includes(text)),
      text,
    );
});
