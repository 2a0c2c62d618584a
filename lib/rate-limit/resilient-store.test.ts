/** The store that outlives an outage. Long because each way into an outage and out of it has a case of its own. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { LogFields } from '../core/log.ts';
import { createMemoryStore } from './memory-store.ts';
import { createResilientStore } from './resilient-store.ts';
import type { ResilientStore } from './resilient-store.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { Check, FailureMode, RateLimitStore, SharedStore } from './store.ts';
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
        (await store.take(checks)).map(({ degraded, ...decision }) => {
          assert.equal(degraded, 'local');
          return decision;
        }),
      reset: (policy, key) => store.reset(policy, key).catch(() => undefined),
    },
  };
});

test('resilient store: an outage costs one deadline, and later checks do not ask at all', async () => {
  const { store, shared } = open({ deadlineMs: 30 });
  shared.is = 'hung';
  const startedAt = performance.now();
  await store.take([check()]);
  assert.ok(performance.now() - startedAt >= 29);
  for (let nth = 0; nth < 100; nth += 1) await store.take([check()]);
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

test('resilient store: the fallback knows what was taken before the outage', async () => {
  const { store, shared } = open();
  const refunded = check();
  await store.take([check(), check(), refunded]);
  await store.refund(refunded);
  shared.is = 'broken';
  const decisions = await store.take([check(), check()]);
  assert.deepEqual(
    decisions.map(({ allowed }) => allowed),
    [true, false],
  );
});

test('resilient store: asks once a second whether the store is back, and then goes on', async () => {
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
  const [decision] = await store.take([check('local', { key: 'b' })]);
  assert.equal(decision?.degraded, undefined);
  assert.equal(decision?.remaining, 1, 'this check and the one before it are in the shared store');
  assert.deepEqual(store.state(), { degraded: false, degradedDecisions: 5 });
});

test('resilient store: the fallback goes on from what the store said last of the key, whoever took it', async () => {
  const { store, shared, elsewhere } = open();
  await store.take([check()]);
  await elsewhere.take([check()]);
  const [heard] = await store.take([check('local', { cost: 0 })]);
  assert.equal(heard?.remaining, 1);
  shared.is = 'broken';
  const decisions = await store.take([check(), check()]);
  assert.deepEqual(
    decisions.map(({ allowed }) => allowed),
    [true, false],
  );
});

test('resilient store: of what is left the fallback leaves the others their share, until the window has passed', async () => {
  const { store, shared, elsewhere, advance } = open();
  const wide = (more: Partial<Check> = {}) =>
    check('local', { policy: { ...policyOf('local'), limit: 40 }, ...more });
  await elsewhere.take([wide({ cost: 15 })]);
  await store.take([wide({ cost: 5 })]);
  shared.is = 'broken';
  const [alone] = await store.take([wide({ cost: 0 })]);
  assert.deepEqual([alone?.remaining, alone?.resetAfterMs], [5, 60_000]);
  advance(60_000);
  assert.equal((await store.take([wide()]))[0]?.remaining, 39);
});

test('resilient store: what passed alone is charged once the store is back, and only once', async () => {
  const { store, shared, elsewhere } = open({ deadlineMs: 20 });
  shared.is = 'mute';
  const late = check();
  await store.take([late]);
  shared.is = 'broken';
  const refunded = check();
  await store.take([refunded, check('local', { cost: 0 }), check('open')]);
  await store.take([check()]);
  await store.refund(refunded);
  shared.is = 'there';
  await store.probe();
  const [look, open_] = await elsewhere.take([check('local', { cost: 0 }), check('open', { cost: 0 })]);
  assert.equal(look?.remaining, 1, 'the late one and the one after it');
  assert.equal(open_?.remaining, 3);
  assert.equal(store.state().degraded, false);
});

test('resilient store: what left its window or was reset meanwhile is charged no more', async () => {
  const { store, shared, elsewhere, advance } = open();
  shared.is = 'broken';
  await store.take([check('local', { key: 'old' })]);
  advance(30_000);
  await store.take([check('local', { key: 'reset' }), check('local', { key: 'new' })]);
  await assert.rejects(store.reset(policyOf('local'), 'reset'));
  advance(30_000);
  shared.is = 'there';
  await store.probe();
  const looks = await elsewhere.take(['old', 'reset', 'new'].map((key) => check('local', { key, cost: 0 })));
  assert.deepEqual(
    looks.map(({ remaining }) => remaining),
    [3, 3, 2],
  );
});

test('resilient store: thousands of charges go in portions, the oldest are forgotten past a bound', async () => {
  const { store, shared, elsewhere } = open();
  shared.is = 'broken';
  for (let key = 0; key < 5003; key += 1) await store.take([check('local', { key: String(key) })]);
  shared.is = 'there';
  shared.largest = 0;
  await store.probe();
  assert.equal(shared.largest, 500);
  const looks = await elsewhere.take(
    [0, 2, 3, 5002].map((key) => check('local', { key: String(key), cost: 0 })),
  );
  assert.deepEqual(
    looks.map(({ remaining }) => remaining),
    [3, 3, 2, 2],
  );
});

test('resilient store: an answer that comes late brings the store back at once, an error that comes late does not end it', async () => {
  const { store, shared, recovered } = open({ deadlineMs: 20 });
  shared.is = 'hung';
  await Promise.all([store.take([check()]), store.take([check()])]);
  assert.equal(store.state().degraded, true);
  shared.is = 'there';
  const [answer, refuse] = shared.held;
  answer?.();
  await recovered;
  refuse?.(new Error('the connection broke'));
  await store.take([check()]);
  assert.equal(store.state().degraded, false);
});

test('resilient store: a probe tells why the store is away, and ends the outage though nobody is limited', async () => {
  const { store, shared } = open();
  await store.probe();
  shared.is = 'broken';
  await assert.rejects(store.probe(), /it is gone/);
  assert.equal(store.state().degraded, true);
  shared.is = 'there';
  await store.probe();
  assert.equal(store.state().degraded, false);
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

interface Unreliable {
  /** `hung` answers when `held` is called, `mute` decides and never says what. */
  is: 'there' | 'broken' | 'hung' | 'mute';
  asked: number;
  /** Checks of the largest call. */
  largest: number;
  readonly held: ((error?: Error) => void)[];
}

function open({ deadlineMs = 1000 }: { deadlineMs?: number } = {}): {
  store: ResilientStore;
  shared: Unreliable;
  /** The shared store as another process has it. */
  elsewhere: RateLimitStore;
  advance: (milliseconds: number) => void;
  lines: [string, LogFields | undefined][];
  recovered: Promise<void>;
} {
  let time = 0;
  const now = () => time;
  const shared: Unreliable = { is: 'there', asked: 0, largest: 0, held: [] };
  const inner = createMemoryStore({ now });
  async function whenThere<Value>(then: () => Awaitable<Value>): Promise<Value> {
    shared.asked += 1;
    if (shared.is === 'broken') throw new Error('it is gone');
    if (shared.is === 'mute') await then();
    if (shared.is === 'mute') return new Promise(() => undefined);
    if (shared.is === 'hung')
      await new Promise<void>((resolve, reject) => {
        shared.held.push((error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    return then();
  }
  const unreliable: SharedStore = {
    take: (checks) => {
      shared.largest = Math.max(shared.largest, checks.length);
      return whenThere(() => inner.take(checks));
    },
    refund: (refunded) => whenThere(() => inner.refund(refunded)),
    revoke: (revocations) => whenThere(() => inner.revoke(revocations)),
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
    elsewhere: inner,
    advance: (milliseconds) => void (time += milliseconds),
    lines,
    recovered,
  };
}
