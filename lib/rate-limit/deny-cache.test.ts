import assert from 'node:assert/strict';
import test from 'node:test';
import { createDenyCache } from './deny-cache.ts';
import { createMemoryStore } from './memory-store.ts';
import type { Check, RateLimitStore } from './store.ts';
import { storeContract } from './store.contract.ts';

const policy = { name: 'p', limit: 2, windowMs: 500, keyedBy: 'address', onStoreFailure: 'local' } as const;
const slow = { ...policy, name: 'slow', windowMs: 60_000 } as const;
const silent = { ...slow, name: 'silent', silent: true } as const;
const check = (more: Partial<Check> = {}): Check => ({ policy, key: 'a', id: crypto.randomUUID(), ...more });

storeContract('deny cache', async () => {
  const { store, advance } = open();
  return { store, advance };
});

test('deny cache: a flood of a refused key does not reach the store until the key frees', async () => {
  const { store, advance, asked } = open();
  await store.take([check(), check(), check()]);
  const before = asked();
  advance(498);
  const [decision] = await store.take([check()]);
  assert.deepEqual(decision, { allowed: false, remaining: 0, resetAfterMs: 2, retryAfterMs: 2 });
  assert.equal(asked(), before);
  advance(2);
  assert.equal((await store.take([check()]))[0]?.allowed, true);
});

test('deny cache: never refuses what the store would let pass', async () => {
  const { store, inner, advance } = open();
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let step = 0; step < 3000; step += 1) {
    advance(random(60));
    const asked = check({ key: String(random(3)), cost: random(3) });
    const [would] = await inner.take([{ ...asked, cost: 0 }]);
    const [decision] = await store.take([asked]);
    const fits = (would?.remaining ?? 0) >= Math.max(1, asked.cost ?? 1);
    assert.equal(decision?.allowed, fits, `step ${String(step)}`);
  }
});

test('deny cache: a refund or reset here frees the key at once, one elsewhere within a second', async () => {
  const { store, inner, advance } = open();
  const fill = async (): Promise<Check> => {
    const first = check({ policy: slow });
    await inner.reset(slow, 'a');
    await store.take([first, check({ policy: slow }), check({ policy: slow })]);
    return first;
  };
  await store.refund(await fill());
  assert.equal((await store.take([check({ policy: slow })]))[0]?.allowed, true);
  await fill();
  await store.reset(slow, 'a');
  assert.equal((await store.take([check({ policy: slow })]))[0]?.allowed, true);
  await inner.refund(await fill());
  advance(1000);
  assert.equal((await store.take([check({ policy: slow })]))[0]?.allowed, true);
});

test('deny cache: looking, and asking for another number of units, goes on to the store', async () => {
  const { store, asked } = open();
  await store.take([check(), check({ cost: 2 })]);
  const before = asked();
  const decisions = await store.take([check({ cost: 0 }), check({ cost: 2 }), check()]);
  assert.deepEqual(
    decisions.map(({ allowed }) => allowed),
    [true, false, true],
  );
  assert.equal(asked(), before + 2);
  await store.take([check(), check({ cost: 0 }), check({ cost: 0 })]);
  await store.take([check({ cost: 0 })]);
  assert.equal(asked(), before + 6);
});

test('deny cache: a silent refusal answers its own check, and what stands beside it is taken and asked', async () => {
  const { store, asked } = open();
  const revoked = { subject: 'user:ada', parts: ['all'] };
  await store.revoke([{ ...revoked, at: 2, lastsMs: 1000 }]);
  await store.take([0, 1, 2].map(() => check({ policy: silent })));
  const before = asked();
  const ask = () => store.take([check({ policy: silent }), check({ policy: slow }), { ...revoked, asOf: 1 }]);
  const answers = [await ask(), await ask(), await ask()];
  assert.deepEqual(
    answers.map((decisions) => decisions.map(({ allowed }) => allowed)),
    [
      [false, true, false],
      [false, true, false],
      [false, false, false],
    ],
  );
  assert.equal(asked(), before + 6, 'two each time');
  await ask();
  assert.equal(asked(), before + 6, 'what was refused beside it is remembered, too');
});

test('deny cache: what is only looked at, beside a remembered refusal, is marked as not taken', async () => {
  const { store } = open();
  await store.take([0, 1, 2].map(() => check({ policy: slow })));
  const decisions = await store.take([check({ policy: slow }), check()]);
  assert.deepEqual(
    decisions.map(({ allowed, remaining, untaken }) => ({ allowed, remaining, untaken })),
    [
      { allowed: false, remaining: 0, untaken: undefined },
      { allowed: true, remaining: 2, untaken: true },
    ],
  );
});

test('deny cache: keeps no more refusals than it may, and the newest', async () => {
  const { store, asked } = open({ maxKeys: 10 });
  for (let key = 0; key < 30; key += 1) await store.take([0, 1, 2].map(() => check({ key: String(key) })));
  const before = asked();
  await store.take([check({ key: '29' }), check({ key: '20' })]);
  assert.equal(asked(), before);
  await store.take([check({ key: '19' })]);
  assert.equal(asked(), before + 1);
});

test('deny cache: what was refused while the shared store was away is asked again', async () => {
  let asked = 0;
  const closed: RateLimitStore = {
    ...createMemoryStore(),
    take: async (checks) => {
      asked += 1;
      return checks.map(() => ({
        allowed: false,
        remaining: 0,
        resetAfterMs: 0,
        retryAfterMs: 1000,
        degraded: 'closed',
      }));
    },
  };
  const store = createDenyCache(closed);
  await store.take([check()]);
  await store.take([check()]);
  assert.equal(asked, 2);
});

function open({ maxKeys = 100 }: { maxKeys?: number } = {}): {
  store: RateLimitStore;
  inner: RateLimitStore;
  advance: (milliseconds: number) => void;
  asked: () => number;
} {
  let time = 0;
  let asked = 0;
  const now = () => time;
  const inner = createMemoryStore({ now });
  const counted: RateLimitStore = {
    ...inner,
    take: (checks) => {
      asked += checks.length;
      return inner.take(checks);
    },
  };
  return {
    inner,
    store: createDenyCache(counted, { maxKeys, now }),
    advance: (milliseconds) => void (time += milliseconds),
    asked: () => asked,
  };
}
