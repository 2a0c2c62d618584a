import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from './bounded-map.ts';

test('BoundedMap forgets what was set longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
  assert.deepEqual(
    [...map],
    [
      ['a', 3],
      ['c', 4],
    ],
  );
});

test('BoundedMap holds the newest, whatever was set again, deleted or cleared before', () => {
  const map = new BoundedMap<number, number>(100);
  const expected = new Map<number, number>();
  for (let nth = 0; nth < 20_000; nth++) {
    const key = (nth * 7919) % 257;
    if (nth % 5 === 0) {
      map.delete(key);
      expected.delete(key);
    } else {
      map.set(key, nth);
      expected.delete(key);
      expected.set(key, nth);
      const [oldest] = expected.keys();
      if (expected.size > 100 && oldest !== undefined) expected.delete(oldest);
    }
    if (nth === 9999) {
      map.clear();
      expected.clear();
    }
    if (nth % 97 === 0) assert.deepEqual([...map], [...expected]);
  }
  assert.deepEqual([...map], [...expected]);
});
