import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalizeTiming } from './equalize-timing.ts';

/** How many milliseconds after its step an answer ends whose work took so many. */
async function toLateness(workMs: number): Promise<number> {
  const startedAt = performance.now() - workMs;
  await equalizeTiming(startedAt);
  return performance.now() - startedAt - Math.ceil(workMs / 25) * 25;
}

test('equalizeTiming ends on a multiple of its step, and never before it', async () => {
  const lateness = await Promise.all([0.5, 7, 24, 26, 60].map(toLateness));
  assert.ok(
    lateness.every((ms) => ms >= 0),
    `${lateness.join()} ms`,
  );
});

test('equalizeTiming hides the fraction of a millisecond that the work took', async () => {
  for (const fraction of [0.1, 0.4, 0.7]) {
    // What else the machine does makes an answer late, and not each time: the soonest tells what a stranger would see.
    let soonest = Infinity;
    for (let nth = 0; nth < 100 && soonest > 0.1; nth += 1)
      soonest = Math.min(soonest, await toLateness(20 + fraction));
    assert.ok(soonest >= 0 && soonest <= 0.1, `${soonest} ms after the step`);
  }
});
