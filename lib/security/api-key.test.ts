import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { createUuid } from '../core/uuid.ts';
import { createApiKey, nameApiKey, parseApiKey, startOf } from './api-key.ts';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

test('a key is found again by its text: its id, and the hash of all of it', () => {
  for (const keyId of [
    createUuid(),
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ]) {
    const { text, hash } = createApiKey(keyId);
    assert.match(text, /^bbk_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}$/);
    assert.deepEqual(parseApiKey(text), { keyId, hash });
    assert.deepEqual(hash, createHash('sha256').update(text).digest());
    assert.ok(text.startsWith(`${startOf(keyId)}_`));
  }
});

test('a text of the form is named by its hash, whether or not it is a key, and no other text has a name', () => {
  const { text, hash } = createApiKey(createUuid());
  assert.equal(nameApiKey(text), Buffer.from(hash).toString('base64'));
  assert.notEqual(nameApiKey(text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')), nameApiKey(text));
  for (const other of ['', text.slice(1), `${text}0`, `${text}\n`])
    assert.equal(nameApiKey(other), undefined);
});

test('two keys of one id have nothing in common but that', () => {
  const keyId = createUuid();
  const [first, second] = [createApiKey(keyId), createApiKey(keyId)];
  assert.equal(first.text.slice(0, 27), second.text.slice(0, 27));
  assert.notEqual(first.text.slice(27, -6), second.text.slice(27, -6));
});

test('the sum is the CRC-32 that everybody has', () => {
  // Its last six characters are 0xc5ad3c8d in base62, as zlib.crc32 of Python and Node has it of the rest.
  const text = 'bbk_00d4IFhAcMNFxRaRvVJ0p2_5rkXbO0YhQ6nTz2mJ8sLwE4dVgKcA1fUiRoP7xBqN3t3cRXzR';
  assert.equal(parseApiKey(text)?.keyId, '00557d90-f732-7ced-e47a-9afb06b14954');
});

test('of ten thousand keys in which one character is another, or two have changed places, none is a key', () => {
  for (let nth = 0; nth < 10_000; nth += 1) {
    const { text } = createApiKey(createUuid());
    const characters = [...text];
    const [at, other] = [randomInt(4, text.length), randomInt(4, text.length)];
    const [here, there] = [characters[at] ?? '', characters[other] ?? ''];
    characters[at] = nth % 2 ? there : (letters[randomInt(62)] ?? '');
    if (nth % 2) characters[other] = here;
    const changed = characters.join('');
    if (changed !== text) assert.equal(parseApiKey(changed), undefined, `${text} ${changed}`);
  }
});

test('an id that is no UUID, and whatever else nobody was ever given, is no key', () => {
  const { text } = createApiKey(createUuid());
  for (const wrong of [
    '',
    'bbk_',
    text.toUpperCase(),
    ` ${text}`,
    `${text}\n`,
    `${text}0`,
    text.replace('_', '-'),
  ]) {
    assert.equal(parseApiKey(wrong), undefined, wrong);
  }
});
