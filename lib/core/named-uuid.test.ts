import assert from 'node:assert/strict';
import test from 'node:test';
import { createNamedUuid } from './named-uuid.ts';

test('createNamedUuid makes version 8 of the variant of RFC 9562, the same of the same name and another of another', () => {
  const names = Array.from({ length: 200 }, (_, nth) => `name ${nth}`);
  const ids = names.map(createNamedUuid);
  for (const id of ids) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.equal(new Set(ids).size, 200);
  assert.deepEqual(names.map(createNamedUuid), ids);
});

test('createNamedUuid takes its bits from SHA-256', () => {
  // Of `abc` (FIPS 180-4): ba7816bf 8f01cfea 414140de 5dae2223 ...
  assert.equal(createNamedUuid('abc'), 'ba7816bf-8f01-8fea-8141-40de5dae2223');
});
