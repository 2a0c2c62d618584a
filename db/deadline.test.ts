import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDeadline } from './deadline.ts';

const toLate = (milliseconds: number) => new RangeError(`later than ${milliseconds} ms`);

test('withDeadline passes on what came in time, a failure too', async () => {
  assert.equal(await withDeadline(1000, Promise.resolve('in time'), toLate), 'in time');
  await assert.rejects(withDeadline(1000, Promise.reject(new Error('refused')), toLate), /^Error: refused$/);
});

test("withDeadline fails late work with the caller's own error", async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const late = withDeadline(300, new Promise(() => undefined), toLate);
  t.mock.timers.tick(300);
  await assert.rejects(late, { name: 'RangeError', message: 'later than 300 ms' });
});
