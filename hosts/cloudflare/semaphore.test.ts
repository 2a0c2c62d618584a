import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSemaphore } from './semaphore.ts';

test('createSemaphore lets so many in at once, and the next one when a permit is released', async () => {
  const semaphore = createSemaphore({ permits: 2 });
  const [release] = await Promise.all([semaphore.acquire(), semaphore.acquire()]);
  let isIn = false;
  const third = semaphore.acquire().then((releaseThird) => {
    isIn = true;
    return releaseThird;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isIn, false);
  release();
  await third;
});

test('createSemaphore gives nobody two permits for one that is released twice', async () => {
  const semaphore = createSemaphore({ permits: 1, timeoutMs: 0 });
  const release = await semaphore.acquire();
  release();
  release();
  await semaphore.acquire();
  await assert.rejects(semaphore.acquire(), { slug: 'overloaded', headers: { 'Retry-After': '5' } });
});

test('createSemaphore ends the permit of a request that was cut off', async () => {
  const semaphore = createSemaphore({ permits: 1, leaseMs: 0, timeoutMs: 0 });
  await semaphore.acquire();
  await semaphore.acquire();
});
