import assert from 'node:assert/strict';
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createKeyring } from './keyring.ts';
import { seal, SealError, toSealId, unseal } from './sealing.ts';

const [first, second, third] = [1, 2, 3].map(
  (nth) => `the secret number ${nth} of this test, long enough`,
) as [string, string, string];
const place = { table: 'things', id: '01890a5d-ac96-774b-bcce-b302099a8057' };
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest();
const fails = (reason: RegExp) => (error: unknown) =>
  error instanceof SealError && reason.test(error.message);

test('what is sealed says by which secret: a version byte, and four bytes of a hash of it', () => {
  const sealed = seal(createKeyring([first]), place, 'a text');
  const id = createHash('sha256').update(`id\0${first}`).digest().subarray(0, 4);
  assert.deepEqual(Buffer.from(sealed.subarray(0, 5)), Buffer.concat([Buffer.of(1), id]));
  assert.equal(toSealId(sealed), id.toString('hex'));
  assert.deepEqual(createKeyring([second, first]).keys[1]?.id, id.toString('hex'));
});

test('what was sealed before a rotation opens after it, and what is sealed then is under the new secret', () => {
  const before = createKeyring([first]);
  const during = createKeyring([second, first]);
  assert.equal(unseal(during, place, seal(before, place, 'a text')), 'a text');
  const sealed = seal(during, place, 'ein Text, größer');
  assert.equal(unseal(createKeyring([second]), place, sealed), 'ein Text, größer');
  assert.throws(() => unseal(before, place, sealed), fails(/is not in TOKEN_SECRET \([0-9a-f]{8}\)$/));
});

test('what was sealed for one row opens in no other, of the same table or another', () => {
  const keyring = createKeyring([first]);
  const sealed = seal(keyring, place, 'a text');
  for (const other of [
    { ...place, id: place.id.replace('7', '8') },
    { ...place, table: 'others' },
  ]) {
    assert.throws(() => unseal(keyring, other, sealed), fails(/^not what was sealed for this row$/));
    // Nor without its header, as the former release wrote it.
    assert.throws(() => unseal(keyring, other, sealed.subarray(5)), fails(/is not in TOKEN_SECRET/));
  }
  assert.throws(() => unseal(keyring, place, sealed.subarray(5)), fails(/is not in TOKEN_SECRET/));
});

test('a bit that has changed, or a text that was cut, opens nothing', () => {
  const keyring = createKeyring([first]);
  const sealed = seal(keyring, place, 'a text');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (sealed[at] ?? 0) ^ 1;
    assert.throws(() => unseal(keyring, place, changed), SealError, `byte ${at}`);
    assert.throws(() => unseal(keyring, place, sealed.subarray(0, at)), SealError, `${at} bytes`);
  }
});

test('what the former release sealed, without a header, opens under each secret, in its row alone', () => {
  // The first byte may happen to be that of our version.
  for (const firstByte of [0, 1]) {
    const iv = Buffer.concat([Buffer.of(firstByte), randomBytes(11)]);
    const cipher = createCipheriv('aes-256-gcm', hmac(first, 'things\0'), iv).setAAD(Buffer.from(place.id));
    const text = Buffer.concat([cipher.update('a text'), cipher.final()]);
    const legacy = Buffer.concat([iv, cipher.getAuthTag(), text]);
    assert.equal(unseal(createKeyring([third, second, first]), place, legacy), 'a text');
    const other = { ...place, id: place.id.replace('7', '8') };
    assert.throws(() => unseal(createKeyring([first]), other, legacy), SealError);
    assert.throws(() => unseal(createKeyring([second]), place, legacy), SealError);
  }
});
