import assert from 'node:assert/strict';
import test from 'node:test';
import { createUuid, isUuid } from './uuid.ts';

test('createUuid makes version 7 of the variant of RFC 9562', () => {
  for (let round = 0; round < 200; round++) {
    assert.match(createUuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test('createUuid begins with the milliseconds, as in RFC 9562, appendix A.6', () => {
  assert.match(createUuid(Date.UTC(2022, 1, 22, 19, 22, 22)), /^017f22e2-79b0-7/);
  assert.match(createUuid(0), /^00000000-0000-7/);
  assert.match(createUuid(2 ** 48 - 1), /^ffffffff-ffff-7/);
});

test('createUuid makes ids that sort by the time of their making', () => {
  const times = [0, 1, 255, 256, 2 ** 32 - 1, 2 ** 32, 1_645_557_742_000, 2 ** 48 - 1];
  const ids = times.map((time) => createUuid(time));
  assert.deepEqual([...ids].sort(), ids);
});

test('createUuid makes no id twice in one millisecond', () => {
  assert.equal(new Set(Array.from({ length: 1000 }, () => createUuid(1))).size, 1000);
});

test('isUuid takes any version, in lower case and in full', () => {
  assert.equal(isUuid('017f22e2-79b0-7cc3-98c4-dc0c0c07398f'), true);
  assert.equal(isUuid('919108f7-52d1-4320-9bac-f847db4148a8'), true);
  const none = [
    '',
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    '017f22e279b07cc398c4dc0c0c07398f',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398',
    '{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n',
    'urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  ];
  for (const text of none) assert.equal(isUuid(text), false, text);
});
