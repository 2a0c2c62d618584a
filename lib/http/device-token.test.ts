import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyring, type Keyring } from '../core/keyring.ts';
import { createDeviceToken, renewDeviceToken, verifyDeviceToken } from './device-token.ts';

const secret = 'a secret of this test that is long enough for all';
const keyring = createKeyring([secret]);
const email = 'ada@example.com';
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const renew = (held: string | undefined, since: Date, issuedAt = new Date()) =>
  renewDeviceToken(held, { email, issuedAt, since }, keyring);
const token = renew(undefined, daysAgo(1));
const read = (text: string) => verifyDeviceToken(text, email, keyring);

test('a device token is known for the address that it was made for, by one nonce and its date', () => {
  const known = read(token);
  assert.match(known?.nonce ?? '', /^[\w-]{22}$/);
  assert.ok(known && createDeviceToken(known, email, keyring) === token);
  assert.notEqual(read(renew(undefined, daysAgo(1)))?.nonce, known.nonce);
});

test('a device token is nothing for another address, under another secret, or with another byte', () => {
  for (const [text, address, key] of [
    [token, 'eve@example.com', keyring],
    [token, email, createKeyring([`${secret}!`])],
    ['', email, keyring],
    [token.slice(1), email, keyring],
    ...Array.from({ length: token.length }, (_, at): [string, string, Keyring] => [
      token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1),
      email,
      keyring,
    ]),
  ] as const) {
    assert.equal(verifyDeviceToken(text, address, key), undefined, text);
  }
});

test('a device token is good for ninety days', () => {
  const nonce = 'A'.repeat(22);
  const of = (days: number) => read(createDeviceToken({ nonce, issuedAt: daysAgo(days) }, email, keyring));
  assert.equal(of(89.99)?.nonce, nonce);
  assert.equal(of(90), undefined);
});

test('a client that signs in again keeps its nonce with a new date, unless its token is outdated', () => {
  const [old, now] = [daysAgo(10), new Date()];
  const held = renew(undefined, old, old);
  const renewed = read(renew(held, daysAgo(11), now));
  assert.deepEqual(renewed, { nonce: read(held)?.nonce, issuedAt: now });
  assert.notEqual(read(renew(held, daysAgo(9)))?.nonce, read(held)?.nonce);
  assert.notEqual(read(renew('x'.repeat(72), old))?.nonce, read(held)?.nonce);
});
