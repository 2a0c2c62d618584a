/** What every store must do, written once and applied to each of them by its own test. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Check, Policy, RateLimitStore, Decision, RevocationCheck } from './store.ts';

/** A store whose clock the test moves. Keys are never used twice in one suite. */
export interface StoreUnderTest {
  readonly store: RateLimitStore;
  readonly advance: (milliseconds: number) => void;
}

export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  const policy = {
    name: 'three',
    limit: 3,
    windowMs: 1000,
    keyedBy: 'address',
    onStoreFailure: 'local',
  } as const;
  const check = (more: Partial<Check> = {}): Check => ({
    policy,
    key: 'a',
    id: crypto.randomUUID(),
    ...more,
  });

  test(`${name}: lets the limit pass in a window, and then none until the oldest leaves it`, async () => {
    const { store, advance } = await open();
    assert.deepEqual(await one(store, check()), decision(true, 2, 1000, 0));
    advance(100);
    assert.deepEqual(await one(store, check()), decision(true, 1, 900, 0));
    assert.deepEqual(await one(store, check()), decision(true, 0, 900, 0));
    advance(899);
    assert.deepEqual(await one(store, check()), decision(false, 0, 1, 1));
    advance(1);
    assert.deepEqual(await one(store, check()), decision(true, 0, 100, 0));
    assert.deepEqual(await one(store, check()), decision(false, 0, 100, 100));
  });

  test(`${name}: counts each key and each policy by itself, and answers in the order of the checks`, async () => {
    const { store } = await open();
    const other: Policy = { ...policy, name: 'one', limit: 1 };
    await store.take([check({ key: 'b' }), check({ key: 'b' })]);
    const decisions = await store.take([
      check({ key: 'b' }),
      check({ key: 'c' }),
      check({ key: 'b', policy: other }),
      check({ key: 'b', policy: other }),
    ]);
    assert.deepEqual(
      decisions.map(({ allowed, remaining }) => [allowed, remaining]),
      [
        [true, 0],
        [true, 2],
        [true, 0],
        [false, 0],
      ],
    );
  });

  test(`${name}: charges a repeated id once, and lets it pass again at the limit`, async () => {
    const { store, advance } = await open();
    const repeated = check({ key: 'd' });
    await store.take([repeated]);
    advance(100);
    assert.deepEqual(await one(store, repeated), decision(true, 2, 900, 0));
    assert.deepEqual(await one(store, check({ key: 'd', cost: 0 })), decision(true, 2, 900, 0));
    await store.take([check({ key: 'd', cost: 2 })]);
    const again = await one(store, repeated);
    assert.deepEqual([again.allowed, again.remaining, again.retryAfterMs], [true, 0, 0]);
  });

  test(`${name}: a denied weighted check takes nothing and waits for as many units as it needs`, async () => {
    const { store, advance } = await open();
    await store.take([check({ key: 'e' })]);
    advance(400);
    await store.take([check({ key: 'e' })]);
    assert.deepEqual(await one(store, check({ key: 'e', cost: 2 })), decision(false, 1, 600, 600));
    assert.deepEqual(await one(store, check({ key: 'e', cost: 3 })), decision(false, 1, 600, 1000));
    assert.equal((await one(store, check({ key: 'e' }))).allowed, true);
    advance(600);
    assert.deepEqual(await one(store, check({ key: 'e', cost: 1 })), decision(true, 0, 400, 0));
  });

  test(`${name}: a check that costs nothing only looks`, async () => {
    const { store } = await open();
    assert.deepEqual(await one(store, check({ key: 'f', cost: 0 })), decision(true, 3, 0, 0));
    await store.take([check({ key: 'f', cost: 3 })]);
    assert.deepEqual(await one(store, check({ key: 'f', cost: 0 })), decision(false, 0, 1000, 1000));
  });

  test(`${name}: a refund gives back exactly what its id took, and only once`, async () => {
    const { store, advance } = await open();
    const first = check({ key: 'g', cost: 2 });
    await store.take([first]);
    advance(500);
    await store.take([check({ key: 'g' })]);
    await store.refund(first);
    await store.refund(first);
    await store.refund(check({ key: 'g' }));
    assert.deepEqual(await one(store, check({ key: 'g' })), decision(true, 1, 1000, 0));
  });

  test(`${name}: a refund of what already left the window changes nothing`, async () => {
    const { store, advance } = await open();
    const first = check({ key: 'h' });
    await store.take([first]);
    advance(1000);
    await store.take([check({ key: 'h' })]);
    await store.refund(first);
    assert.equal((await one(store, check({ key: 'h', cost: 0 }))).remaining, 2);
  });

  test(`${name}: a reset forgets what a key took`, async () => {
    const { store } = await open();
    await store.take([check({ key: 'i', cost: 3 })]);
    await store.reset(policy, 'i');
    assert.deepEqual(await one(store, check({ key: 'i' })), decision(true, 2, 1000, 0));
  });

  test(`${name}: refuses a credential that stands on something revoked, of that subject alone, issued before it`, async () => {
    const { store } = await open();
    const credential = { subject: 'user:k', parts: ['all', 'session:1'], asOf: 1_000_000_000_500 };
    const ask = async (more: Partial<RevocationCheck> = {}) =>
      (await one(store, { ...credential, ...more })).allowed;
    assert.equal(await ask(), true, 'nothing was revoked');
    await store.revoke([
      { subject: 'user:k', parts: ['session:1', 'session:2'], at: 1_000_000_000_500, lastsMs: 60_000 },
    ]);
    assert.equal(await ask(), false);
    assert.equal(await ask({ parts: ['all', 'session:2'] }), false);
    assert.equal(await ask({ parts: ['all', 'session:3'] }), true, 'another session');
    assert.equal(await ask({ subject: 'user:l' }), true, 'another person');
    assert.equal(await ask({ asOf: 1_000_000_000_501 }), true, 'issued after it');
    await store.revoke([{ subject: 'user:k', parts: ['session:1'], at: 1_000_000_000_400, lastsMs: 60_000 }]);
    assert.equal(await ask(), false, 'an older one that comes later changes nothing');
    await store.revoke([{ subject: 'user:k', parts: ['all'], at: Number.MAX_SAFE_INTEGER, lastsMs: 60_000 }]);
    assert.equal(await ask({ parts: ['all', 'session:3'], asOf: 4_000_000_000_000 }), false, 'for good');
  });

  test(`${name}: asks about a credential beside the checks of a request`, async () => {
    const { store } = await open();
    const credential = { subject: 'user:m', parts: ['all'], asOf: 5 };
    await store.revoke([{ subject: 'user:m', parts: ['all'], at: 6, lastsMs: 60_000 }]);
    const decisions = await store.take([check({ key: 'm' }), credential, check({ key: 'n' })]);
    assert.deepEqual(
      decisions.map(({ allowed, remaining }) => [allowed, remaining]),
      [
        [true, 2],
        [false, 0],
        [true, 2],
      ],
    );
  });

  for (const cost of [4, -1, 0.5, Number.NaN]) {
    test(`${name}: refuses a cost of ${String(cost)} where no window could hold it`, async () => {
      const { store } = await open();
      await assert.rejects(async () => store.take([check({ key: 'j', cost })]), RangeError);
    });
  }
}

function decision(allowed: boolean, remaining: number, resetAfterMs: number, retryAfterMs: number): Decision {
  return { allowed, remaining, resetAfterMs, retryAfterMs };
}

async function one(store: RateLimitStore, check: Check | RevocationCheck): Promise<Decision> {
  const [answer] = await store.take([check]);
  assert.ok(answer);
  return answer;
}
