import assert from 'node:assert/strict';
import test from 'node:test';
import { createBulkhead } from './bulkhead.ts';
import { isProblem } from './problem.ts';

/** Works that end when the test says so. */
function createWorks() {
  const started: number[] = [];
  const ends: { resolve: (value: number) => void; reject: (cause: Error) => void }[] = [];
  return {
    started,
    ends,
    work: (nth: number) => () => {
      started.push(nth);
      return new Promise<number>((resolve, reject) => (ends[nth] = { resolve, reject }));
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('createBulkhead runs as many at once as it may, and the others in the order they came', async () => {
  const pass = createBulkhead({ concurrency: 2, queue: 10 });
  const { started, ends, work } = createWorks();
  const results = [0, 1, 2, 3].map((nth) => pass(work(nth)));
  await settled();
  assert.deepEqual(started, [0, 1]);
  ends[1]?.resolve(11);
  assert.equal(await results[1], 11);
  await settled();
  assert.deepEqual(started, [0, 1, 2]);
  ends[0]?.resolve(10);
  await settled();
  assert.deepEqual(started, [0, 1, 2, 3]);
  ends[2]?.resolve(12);
  ends[3]?.resolve(13);
  assert.deepEqual(await Promise.all(results), [10, 11, 12, 13]);
});

test('createBulkhead turns away who finds the queue full, with a time to come back', async () => {
  const pass = createBulkhead({ concurrency: 1, queue: 1 });
  const { started, ends, work } = createWorks();
  const first = pass(work(0));
  const second = pass(work(1));
  await assert.rejects(pass(work(2)), (error) => {
    assert.ok(isProblem(error));
    assert.equal(error.slug, 'overloaded');
    assert.deepEqual(error.headers, { 'Retry-After': '1' });
    return true;
  });
  ends[0]?.resolve(0);
  await first;
  await settled();
  ends[1]?.resolve(1);
  await second;
  assert.deepEqual(started, [0, 1]);
});

test('createBulkhead without a queue lets nobody wait', async () => {
  const pass = createBulkhead({ concurrency: 1, queue: 0 });
  const { ends, work } = createWorks();
  const first = pass(work(0));
  await assert.rejects(pass(work(1)), { slug: 'overloaded' });
  ends[0]?.resolve(0);
  await first;
});

test('createBulkhead frees the place of a work that fails', async () => {
  const pass = createBulkhead({ concurrency: 1, queue: 1 });
  const { ends, work } = createWorks();
  const failing = pass(work(0));
  const waiting = pass(work(1));
  ends[0]?.reject(new Error('broken'));
  await assert.rejects(failing, { message: 'broken' });
  await settled();
  ends[1]?.resolve(1);
  assert.equal(await waiting, 1);
  const throwing = pass(() => {
    throw new Error('at once');
  });
  await assert.rejects(throwing, { message: 'at once' });
  assert.equal(await pass(() => Promise.resolve('still open')), 'still open');
});

test('createBulkhead never runs more than it may when places change hands many times', async () => {
  const pass = createBulkhead({ concurrency: 3, queue: 200 });
  let running = 0;
  let most = 0;
  const works = Array.from({ length: 200 }, (_, nth) =>
    pass(async () => {
      most = Math.max(most, ++running);
      await settled();
      running--;
      if (nth % 5 === 0) throw new Error('some fail');
    }),
  );
  await Promise.allSettled(works);
  assert.equal(most, 3);
});
