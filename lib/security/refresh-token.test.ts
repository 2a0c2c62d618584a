import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { createKeyring } from '../core/keyring.ts';
import { createNonce, hashNonce, formatRefreshToken, parseRefreshToken } from './refresh-token.ts';

const secret = 'a secret of this deployment, 32 bytes';
const keyring = createKeyring([secret]);
const sessionId = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const nonce = Uint8Array.from({ length: 16 }, (_, index) => index * 16);
const token = { sessionId, counter: 7, nonce };
const text = formatRefreshToken(token, keyring);

test('parseRefreshToken reads what formatRefreshToken wrote, at the first and at the last generation', () => {
  for (const counter of [0, 1, 255, 256, 2 ** 31 - 2]) {
    assert.deepEqual(parseRefreshToken(formatRefreshToken({ ...token, counter }, keyring), keyring), {
      ...token,
      counter,
    });
  }
});

test('parseRefreshToken knows no token whose next generation would not fit into an integer of Postgres', () => {
  for (const counter of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
    assert.equal(
      parseRefreshToken(formatRefreshToken({ ...token, counter }, keyring), keyring),
      undefined,
      String(counter),
    );
  }
});

test('formatRefreshToken always writes the same token the same way, for the retry of a lost answer', () => {
  assert.equal(formatRefreshToken({ ...token, nonce: Uint8Array.from(nonce) }, keyring), text);
  assert.match(text, /^bbrt_[\w-]{91}$/);
});

test('formatRefreshToken writes every other token in another way', () => {
  const others = [
    formatRefreshToken({ ...token, counter: 8 }, keyring),
    formatRefreshToken({ ...token, sessionId: '017f22e2-79b0-7cc3-98c4-dc0c0c073990' }, keyring),
    formatRefreshToken({ ...token, nonce: createNonce() }, keyring),
    formatRefreshToken(token, createKeyring([`${secret}.`])),
  ];
  assert.equal(new Set([text, ...others]).size, 5);
});

test('parseRefreshToken knows no token of another secret', () => {
  for (const other of ['', `${secret}.`, secret.slice(1)])
    assert.equal(parseRefreshToken(text, createKeyring([other])), undefined);
});

test('parseRefreshToken knows no token of which any byte was changed', () => {
  const bytes = Buffer.from(text.slice(5), 'base64url');
  const parts = { session: 16, counter: 20, nonce: 36, verification: 68 };
  for (let index = 0; index < bytes.length; index++) {
    for (const bit of [1, 128]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ bit, index);
      const part = Object.entries(parts).find(([, end]) => index < end)?.[0];
      assert.equal(
        parseRefreshToken(`bbrt_${changed.toString('base64url')}`, keyring),
        undefined,
        `${part}, byte ${index}`,
      );
    }
  }
});

const malformed: readonly (readonly [what: string, text: string])[] = [
  ['empty', ''],
  ['the mark alone', 'bbrt_'],
  ['no mark', text.slice(5)],
  ['another mark', text.replace('bbrt_', 'bbrx_')],
  ['upper case mark', text.replace('bbrt_', 'BBRT_')],
  ['one character short', text.slice(0, -1)],
  ['one character long', `${text}A`],
  ['padded', `${text}=`],
  ['two of them', text + text],
  ['a line end', `${text}\n`],
  ['space around', ` ${text} `],
  ['plain base64', `bbrt_${'+/'.repeat(45)}A`],
  ['not ASCII', `bbrt_${'\u00e9'.repeat(91)}`],
  ['nothing but A', `bbrt_${'A'.repeat(91)}`],
  ['a JWT', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
  ['very long', `bbrt_${'A'.repeat(1_000_000)}`],
];

test('parseRefreshToken knows no token in a text of another shape', () => {
  for (const [what, other] of malformed) assert.equal(parseRefreshToken(other, keyring), undefined, what);
});

test('hashNonce is SHA-256, and createNonce makes 16 bytes that do not repeat', () => {
  assert.deepEqual(Buffer.from(hashNonce(nonce)), createHash('sha256').update(nonce).digest());
  const nonces = Array.from({ length: 100 }, () => Buffer.from(createNonce()));
  assert.ok(nonces.every(({ length }) => length === 16));
  assert.equal(new Set(nonces.map((each) => each.toString('hex'))).size, 100);
});

test('parseRefreshToken knows the one text of a token and none that only decodes to the same bytes', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const known = [...alphabet]
    .map((last) => text.slice(0, -1) + last)
    .filter((each) => parseRefreshToken(each, keyring));
  assert.deepEqual(known, [text]);
});
