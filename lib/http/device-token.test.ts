import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeviceToken, verifyDeviceToken } from './device-token.ts';

const secret = 'a secret of this test, long enough for all';
const token = createDeviceToken('ada@example.com', secret);

test('a device token is known for the address that it was made for, by one nonce', () => {
  const nonce = verifyDeviceToken(token, 'ada@example.com', secret);
  assert.match(nonce ?? '', /^[\w-]{22}$/);
  assert.equal(verifyDeviceToken(token, 'ada@example.com', secret), nonce);
  assert.notEqual(createDeviceToken('ada@example.com', secret), token);
});

test('a device token is nothing for another address, under another secret, or with another byte', () => {
  const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  for (const [text, email, key] of [
    [token, 'eve@example.com', secret],
    [token, 'ada@example.com', `${secret}!`],
    [changed, 'ada@example.com', secret],
    [token.slice(1), 'ada@example.com', secret],
    ['', 'ada@example.com', secret],
  ] as const) {
    assert.equal(verifyDeviceToken(text, email, key), undefined, text);
  }
});
