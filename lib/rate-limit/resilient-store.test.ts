import assert from 'node:assert/strict';
import test from 'node:test';
import type { LogFields } from '../core/log.ts';
import { createMemoryStore } from './memory-store.ts';
import { createResilientStore } from './resilient-store.ts';
import type { ResilientStore } from './resilient-store.ts';
import type { Check, FailureMode, RateLimitStore } from './store.ts';
import { storeContract } from './store.contract.ts';

const policyOf = (onStoreFailure: FailureMode) =>
  ({ name: onStoreFailure, limit: 3, windowMs: 60_000, keyedBy: 'address', onStoreFailure }) as const;
const check = (mode: FailureMode = 'local', more: Partial<Check> = {}): Check => ({
  policy: policyOf(mode),
  key: 'a',
  id: crypto.randomUUID(),
  ...more,
});

storeContract('resilient store', async () => {
  const { store, advance } = open();
  return { store, advance };
});

storeContract('resilient store without its shared one', async () => {
  const { store, advance, shared } = open();
  shared.is = 'broken';
  return {
    advance,
    store: {
      ...store,
      take: async (checks) =>
        (await store.take(checks)).map(({ degraded, ...verdict }) => {
          assert.equal(degraded, 'local');
          return verdict;
        }),
      reset: (policy, key) => store.reset(policy, key).catch(() => undefined),
    },
  };
});

test('resilient store: an outage costs one deadline, and later checks do not wait', async () => {
  const { store, shared } = open({ deadlineMs: 30 });
  shared.is = 'hung';
  const startedAt = performance.now();
  await store.take([check()]);
  const first = performance.now() - startedAt;
  assert.ok(first >= 29 && first < 200, `${String(first)} ms`);
  for (let nth = 0; nth < 100; nth += 1) await store.take([check()]);
  assert.ok(performance.now() - startedAt - first < 30);
  assert.equal(shared.asked, 1);
});

test('resilient store: each policy is decided by its own mode while the store is away', async () => {
  const { store, shared } = open();
  shared.is = 'broken';
  const asked = [check('open'), check('local'), check('closed'), check('open', { cost: 3 })];
  assert.deepEqual(await store.take(asked), [
    { allowed: true, remaining: 3, resetAfterMs: 0, retryAfterMs: 0, degraded: 'open' },
    { allowed: true, remaining: 2, resetAfterMs: 60_000, retryAfterMs: 0, degraded: 'local' },
    { allowed: false, remaining: 0, resetAfterMs: 0, retryAfterMs: 1000, degraded: 'closed' },
    { allowed: true, remaining: 3, resetAfterMs: 0, retryAfterMs: 0, degraded: 'open' },
  ]);
});

test('resilient store: the stand-in knows what was taken before the outage', async () => {
  const { store, shared } = open();
  const refunded = check();
  await store.take([check(), check(), refunded]);
  await store.refund(refunded);
  shared.is = 'broken';
  const verdicts = await store.take([check(), check()]);
  assert.deepEqual(
    verdicts.map(({ allowed }) => allowed),
    [true, false],
  );
});

test('resilient store: asks once a second whether the store is back, takes nothing by it, and then goes on', async () => {
  const { store, shared, advance, recovered } = open();
  shared.is = 'broken';
  await store.take([check()]);
  advance(999);
  await store.take([check()]);
  assert.equal(shared.asked, 1);
  advance(1);
  await Promise.all([store.take([check()]), store.take([check()])]);
  assert.equal(shared.asked, 2);
  assert.equal(store.state().degraded, true);
  shared.is = 'there';
  advance(1000);
  await store.take([check('local', { key: 'b' })]);
  await recovered;
  const [verdict] = await store.take([check('local', { key: 'b' })]);
  assert.equal(verdict?.degraded, undefined);
  assert.equal(verdict?.remaining, 2, 'only this check is in the shared store');
  assert.deepEqual(store.state(), { degraded: false, degradedDecisions: 5 });
});

test('resilient store: logs once a second at most, with how many decisions and why', async () => {
  const { store, shared, advance, lines } = open();
  shared.is = 'broken';
  for (let nth = 0; nth < 10; nth += 1) await store.take([check(), check('open')]);
  assert.deepEqual(lines, [
    ['rate limits are decided without the shared store', { decisions: 2, reason: 'it is gone' }],
  ]);
  advance(1000);
  await store.take([check()]);
  assert.deepEqual(lines[1], [
    'rate limits are decided without the shared store',
    { decisions: 19, reason: 'it is gone' },
  ]);
});

test('resilient store: a refund does not fail while the store is away, a reset says so', async () => {
  const { store, shared } = open();
  shared.is = 'broken';
  await store.refund(check());
  await assert.rejects(store.reset(policyOf('local'), 'a'), /gone/);
});

test('resilient store: a check that no window could hold is no outage', async () => {
  const { store } = open();
  await assert.rejects(store.take([check('local', { cost: 4 })]), RangeError);
  assert.equal(store.state().degraded, false);
});

function open({ deadlineMs = 1000 }: { deadlineMs?: number } = {}): {
  store: ResilientStore;
  shared: { is: 'there' | 'broken' | 'hung'; asked: number };
  advance: (milliseconds: number) => void;
  lines: [string, LogFields | undefined][];
  recovered: Promise<void>;
} {
  let time = 0;
  const now = () => time;
  const shared = { is: 'there' as 'there' | 'broken' | 'hung', asked: 0 };
  const inner = createMemoryStore({ now });
  function whenThere<Value>(then: () => Promise<Value>): Promise<Value> {
    shared.asked += 1;
    if (shared.is === 'hung') return new Promise(() => undefined);
    return shared.is === 'broken' ? Promise.reject(new Error('it is gone')) : then();
  }
  const unreliable: RateLimitStore = {
    take: (checks) => whenThere(() => inner.take(checks)),
    refund: (refunded) => whenThere(() => inner.refund(refunded)),
    reset: (policy, key) => whenThere(() => inner.reset(policy, key)),
  };
  const lines: [string, LogFields | undefined][] = [];
  let recover: () => void;
  const recovered = new Promise<void>((resolve) => (recover = resolve));
  const log = {
    warn: (message: string, fields?: LogFields) => void lines.push([message, fields]),
    info: () => recover(),
  };
  return {
    store: createResilientStore({ shared: unreliable, log, deadlineMs, now }),
    shared,
    advance: (milliseconds) => void (time += milliseconds),
    lines,
    recovered,
  };
}
