import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSemaphore } from './semaphore.ts';

test('createSemaphore lets so many in at once, and the next one when a turn is given back', async () => {
  const turns = createSemaphore({ atOnce: 2 });
  const [giveBack] = await Promise.all([turns.take(), turns.take()]);
  let isIn = false;
  const third = turns.take().then((giveThirdBack) => {
    isIn = true;
    return giveThirdBack;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isIn, false);
  giveBack();
  await third;
});

test('createSemaphore gives nobody two turns for one that is given back twice', async () => {
  const turns = createSemaphore({ atOnce: 1, timeoutMs: 0 });
  const giveBack = await turns.take();
  giveBack();
  giveBack();
  await turns.take();
  await assert.rejects(turns.take(), { slug: 'overloaded', headers: { 'Retry-After': '5' } });
});

test('createSemaphore ends the turn of a request that was cut off', async () => {
  const turns = createSemaphore({ atOnce: 1, leaseMs: 0, timeoutMs: 0 });
  await turns.take();
  await turns.take();
});
