import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { createKeyring } from './keyring.ts';

const [first, second, third] = [1, 2, 3].map(
  (nth) => `the secret number ${nth} of this test, long enough`,
) as [string, string, string];
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest();

test('a keyring makes HMACs under its newest secret, and verifies those of each', () => {
  const keyring = createKeyring([second, first]);
  assert.deepEqual(keyring.newest.mac('a', Buffer.from('b')), hmac(second, 'ab'));
  assert.deepEqual(keyring.macs('a', 'b'), [hmac(second, 'ab'), hmac(first, 'ab')]);
  for (const secret of [first, second]) assert.ok(keyring.verifies(hmac(secret, 'ab'), 'a', 'b'), secret);
  assert.ok(!keyring.verifies(hmac(third, 'ab'), 'a', 'b'));
  assert.ok(!keyring.verifies(hmac(second, 'ba'), 'a', 'b'));
  assert.ok(!keyring.verifies(hmac(second, 'ab').subarray(0, 31), 'a', 'b'));
});
