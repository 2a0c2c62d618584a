import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { holdUp } from '../test/support/hold-up.ts';
import { withDeadline } from './deadline.ts';

const toLate = (milliseconds: number) => new RangeError(`later than ${milliseconds} ms`);

test('withDeadline passes on what came in time, a failure too', async () => {
  assert.equal(await withDeadline(1000, Promise.resolve('in time'), toLate), 'in time');
  await assert.rejects(withDeadline(1000, Promise.reject(new Error('refused')), toLate), /^Error: refused$/);
});

test("withDeadline fails late work with the caller's own error", async () => {
  const late = withDeadline(30, new Promise(() => undefined), toLate);
  await assert.rejects(late, { name: 'RangeError', message: 'later than 30 ms' });
});

test('withDeadline leaves work its time when the process was held up for longer than that', async () => {
  const work = async () => {
    for (let turn = 0; turn < 4; turn++) await setImmediate();
    return 'in time';
  };
  const answer = withDeadline(25, work(), toLate);
  holdUp(100);
  assert.equal(await answer, 'in time');
});
