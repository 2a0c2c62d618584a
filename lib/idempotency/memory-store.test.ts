import assert from 'node:assert/strict';
import test from 'node:test';
import { createMemoryIdempotency } from './memory-store.ts';
import { idempotencyContract } from './store.contract.ts';
import { rememberedMs } from './store.ts';

function open() {
  let time = 0;
  return {
    store: createMemoryIdempotency({ now: () => time, maxRuns: 60 }),
    advance: (milliseconds: number) => void (time += milliseconds),
  };
}

idempotencyContract('runs in memory', () => Promise.resolve(open()));

test('runs in memory: none is forgotten to make room for another one', async () => {
  const { store, advance } = open();
  const run = (name: string) => ({ name, fingerprint: 'f', owner: name });
  for (let nth = 0; nth < 60; nth += 1) await store.begin(run(String(nth)));
  await assert.rejects(store.begin(run('one more')), { slug: 'overloaded' });
  assert.equal((await store.begin(run('0'))).kind, 'running');
  advance(rememberedMs);
  assert.equal((await store.begin(run('one more'))).kind, 'begun');
});
