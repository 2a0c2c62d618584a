import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBase64, toBase64 } from './base64.ts';

test('toBase64 writes no padding (the vectors of RFC 4648, section 10)', () => {
  const vectors = [
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ] as const;
  for (const [text, encoded] of vectors) assert.equal(toBase64(Buffer.from(text)), encoded);
});

test('parseBase64 takes back what toBase64 writes, and no other text for the same bytes', () => {
  assert.deepEqual(parseBase64('Zm9vYg'), Buffer.from('foob'));
  // Padded, with bits that mean nothing, with a line end, in the other alphabet.
  for (const text of ['Zm9vYg==', 'Zm9vYh', 'Zm9v\nYg', '-_-_', 'Z'])
    assert.equal(parseBase64(text), undefined);
});
