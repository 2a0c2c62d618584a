import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalizeTiming } from './equalize-timing.ts';

test('equalizeTiming ends on a multiple of its step, and never before it', async () => {
  for (const earlier of [0.5, 7, 24, 26, 60]) {
    const startedAt = performance.now() - earlier;
    await equalizeTiming(startedAt);
    // A timer counts whole milliseconds from when its turn of the event loop began.
    assert.ok(performance.now() - startedAt >= Math.ceil(earlier / 25) * 25 - 1.5, `${earlier} ms`);
  }
});
