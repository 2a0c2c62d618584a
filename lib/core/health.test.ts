import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import test from 'node:test';
import { holdUp } from '../../test/support/hold-up.ts';
import { createHealth, type HealthCheck } from './health.ts';

/** A part that does as it is told and counts how often it was asked. */
function createPart(name: string, onFailure: 'warn' | 'fail', answer: () => Promise<void>) {
  const part = { asked: 0, check: {} as HealthCheck };
  part.check = {
    name,
    onFailure,
    affectedEndpoints: ['/v1/auth/login'],
    ping: () => {
      part.asked++;
      return answer();
    },
  };
  return part;
}

const well = () => Promise.resolve();
const away = () => Promise.reject(new Error('connect ECONNREFUSED'));
const hung = () => new Promise<void>(() => undefined);

test('report passes when every part answers', async () => {
  const health = createHealth([createPart('postgres', 'fail', well).check]);
  const { status, results, note, uptimeSeconds } = await health.report();
  assert.deepEqual([status, note, uptimeSeconds], ['pass', undefined, 0]);
  const [{ responseTimeMs, time, ...result } = assert.fail()] = results;
  assert.deepEqual(result, {
    name: 'postgres',
    status: 'pass',
    affectedEndpoints: undefined,
    error: undefined,
  });
  assert.ok(responseTimeMs >= 0 && responseTimeMs < 500);
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

const worst: readonly (readonly [
  what: string,
  parts: readonly (readonly [onFailure: 'warn' | 'fail', answer: () => Promise<void>])[],
  status: string,
])[] = [
  ['no part', [], 'pass'],
  [
    'all well',
    [
      ['warn', well],
      ['fail', well],
    ],
    'pass',
  ],
  [
    'one away that may be',
    [
      ['warn', away],
      ['fail', well],
    ],
    'warn',
  ],
  [
    'one away that may not be',
    [
      ['warn', well],
      ['fail', away],
    ],
    'fail',
  ],
  [
    'all away',
    [
      ['warn', away],
      ['fail', away],
    ],
    'fail',
  ],
];

test('report is as well as the worst part is', async () => {
  for (const [what, parts, status] of worst) {
    const checks = parts.map(([onFailure, answer], nth) => createPart(String(nth), onFailure, answer).check);
    assert.equal((await createHealth(checks).report()).status, status, what);
  }
});

test('report tells why a part is away and which endpoints suffer', async () => {
  const { results } = await createHealth([createPart('redis', 'warn', away).check]).report();
  assert.equal(results[0]?.status, 'warn');
  assert.equal(results[0].error, 'connect ECONNREFUSED');
  assert.deepEqual(results[0].affectedEndpoints, ['/v1/auth/login']);
});

test('report takes a part that throws at once, or throws no error, for one that is away', async () => {
  const throwing = () => {
    throw new Error('at once');
  };
  const speaking = () => Promise.reject('just a text');
  const checks = [throwing, speaking].map((answer, nth) => createPart(String(nth), 'fail', answer).check);
  const { results } = await createHealth(checks).report();
  assert.deepEqual(
    results.map(({ error }) => error),
    ['at once', 'just a text'],
  );
});

test('report asks all parts at once, and each one once for however many callers', async () => {
  let answer: () => void = () => undefined;
  const slow = createPart('postgres', 'fail', () => new Promise((resolve) => (answer = resolve)));
  const quick = createPart('redis', 'warn', well);
  const health = createHealth([slow.check, quick.check]);
  const reports = [health.report(), health.report(), health.report()];
  assert.deepEqual([slow.asked, quick.asked], [1, 1]);
  answer();
  const [one, ...others] = await Promise.all(reports);
  for (const other of others) assert.equal(other.results, one?.results);
  assert.deepEqual([slow.asked, quick.asked], [1, 1]);
});

test('report keeps an answer for a second and then asks anew', async () => {
  let time = 5000;
  const part = createPart('postgres', 'fail', well);
  const health = createHealth([part.check], { now: () => time });
  await health.report();
  time += 999;
  await health.report();
  assert.equal(part.asked, 1);
  time += 1;
  assert.equal((await health.report()).uptimeSeconds, 1);
  assert.equal(part.asked, 2);
});

test('report keeps an answer for a second from when it was there, not from when it was asked', async () => {
  let time = 0;
  let answer: () => void = () => undefined;
  const part = createPart('postgres', 'fail', () => new Promise((resolve) => (answer = resolve)));
  const health = createHealth([part.check], { now: () => time });
  const first = health.report();
  time += 400;
  answer();
  assert.equal((await first).results[0]?.responseTimeMs, 400);
  time += 999;
  await health.report();
  assert.equal(part.asked, 1);
});

test('report recovers by itself when a part comes back', async () => {
  let time = 0;
  let there = false;
  const part = createPart('postgres', 'fail', () => (there ? well() : away()));
  const health = createHealth([part.check], { now: () => time });
  assert.equal((await health.report()).status, 'fail');
  there = true;
  time += 1000;
  assert.equal((await health.report()).status, 'pass');
});

test('report waits 500 ms for a part that hangs, and no longer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const quick = createPart('redis', 'warn', well);
  const health = createHealth([createPart('postgres', 'fail', hung).check, quick.check]);
  let answered = false;
  const report = health.report().finally(() => (answered = true));
  for (let millisecond = 1; millisecond <= 499; millisecond++) {
    t.mock.timers.tick(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(answered, false);
  t.mock.timers.tick(1);
  const { status, results } = await report;
  assert.equal(status, 'fail');
  assert.deepEqual(
    results.map(({ status, error }) => [status, error]),
    [
      ['fail', 'no answer in 500 ms'],
      ['pass', undefined],
    ],
  );
});

test('a part that answers, fails or throws leaves no timer behind', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const set = t.mock.method(globalThis, 'setTimeout');
  const clear = t.mock.method(globalThis, 'clearTimeout');
  const throwing = () => {
    throw new Error('at once');
  };
  await createHealth([well, away, throwing].map((ping) => ({ name: 'x', onFailure: 'fail', ping }))).report();
  const made = set.mock.calls.map(({ result }) => result);
  const cleared = new Set(clear.mock.calls.map(({ arguments: [timer] }) => timer as unknown));
  // The one that throws at once needs none.
  assert.equal(made.length, 2);
  for (const timer of made) assert.ok(cleared.has(timer));
});

test('a host that is starting or draining is not ready, however well its parts are', async () => {
  const health = createHealth([createPart('postgres', 'fail', well).check]);
  for (const phase of ['starting', 'draining'] as const) {
    health.setPhase(phase);
    const { status, note, results } = await health.report();
    assert.deepEqual([status, note, results[0]?.status], ['fail', phase, 'pass']);
  }
  health.setPhase('serving');
  const { status, note } = await health.report();
  assert.deepEqual([status, note], ['pass', undefined]);
});

test('a part whose answer arrived while this process was busy passes', async () => {
  const health = createHealth([createPart('postgres', 'fail', async () => void (await stat('.'))).check]);
  const report = health.report();
  // Long past the deadline; the answer comes from another thread meanwhile, and is read only afterwards.
  holdUp(700);
  assert.equal((await report).status, 'pass');
});
