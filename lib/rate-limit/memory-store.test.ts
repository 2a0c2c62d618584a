import assert from 'node:assert/strict';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMemoryStore } from './memory-store.ts';
import type { Check } from './store.ts';
import { exactContract } from './exact.contract.ts';
import { storeContract, type StoreUnderTest } from './store.contract.ts';

async function open(): Promise<StoreUnderTest> {
  let time = 0;
  return {
    store: createMemoryStore({ now: () => time }),
    advance: (milliseconds) => void (time += milliseconds),
  };
}

storeContract('memory store', open);
exactContract('memory store', open);

const policy = { name: 'p', limit: 5, windowMs: 1000, keyedBy: 'address', onStoreFailure: 'local' } as const;
const check = (more: Partial<Check> = {}): Check => ({ policy, key: 'a', id: crypto.randomUUID(), ...more });

test('memory store: decides as a plain list of times would, over random arrivals, costs and refunds', async () => {
  let seed = 42;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (const limit of [1, 7, 200]) {
    let time = 0;
    const store = createMemoryStore({ now: () => time });
    let list: { time: number; id: string; cost: number }[] = [];
    for (let step = 0; step < 5000; step += 1) {
      time += random(10) < 8 ? random(4) : random(1500);
      list = list.filter((entry) => entry.time > time - 1000);
      const undone = random(20) === 0 ? list[random(Math.max(1, list.length))] : undefined;
      if (undone) {
        await store.refund(check({ policy: { ...policy, limit }, id: undone.id }));
        list = list.filter((entry) => entry !== undone);
      }
      const asked = check({ policy: { ...policy, limit }, cost: 1 + random(Math.min(limit, 4)) });
      const used = list.reduce((sum, entry) => sum + entry.cost, 0);
      const fits = used + (asked.cost ?? 1) <= limit;
      const [answer] = await store.take([asked]);
      assert.equal(answer?.allowed, fits, `step ${String(step)} at limit ${String(limit)}`);
      if (fits) list.push({ time, id: asked.id, cost: asked.cost ?? 1 });
    }
  }
});

test('memory store: remembers what is used and forgets what is idle once there are too many keys', async () => {
  const store = createMemoryStore({ maxKeys: 100, now: () => 0 });
  await store.take([check({ key: 'idle' })]);
  for (let key = 0; key < 200; key += 1) {
    await store.take([check({ key: String(key) }), check({ key: 'busy', cost: key < 5 ? 1 : 0 })]);
  }
  const [busy, idle] = await store.take([check({ key: 'busy', cost: 0 }), check({ key: 'idle', cost: 0 })]);
  assert.equal(busy?.remaining, 0);
  assert.equal(idle?.remaining, 5);
});

test('memory store: a flood of keys that take nothing, or get it back, pushes nobody out', async () => {
  const store = createMemoryStore({ maxKeys: 100, now: () => 0 });
  await store.take([check({ key: 'refused', cost: 5 })]);
  for (let key = 0; key < 400; key += 1) {
    await store.take([check({ key: `seen-${String(key)}`, cost: 0 })]);
    const given = check({ key: `given-${String(key)}` });
    await store.take([given]);
    await store.refund(given);
  }
  const [refused] = await store.take([check({ key: 'refused' })]);
  assert.equal(refused?.allowed, false);
});

test('memory store: a key that took one unit weighs no more than 500 bytes', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const weigh = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const store = createMemoryStore();
  for (let key = 0; key < 100; key += 1) await store.take([check({ key: `warm ${String(key)}` })]);
  const before = weigh();
  for (let key = 0; key < 4900; key += 1) await store.take([check({ key: `address:${String(key)}` })]);
  const each = (weigh() - before) / 4900;
  assert.ok(each < 500, `${each.toFixed(0)} bytes`);
  assert.equal((await store.take([check({ key: 'address:0', cost: 0 })]))[0]?.remaining, 4);
});

test('memory store: a flood of keys at one policy pushes nothing out of another', async () => {
  const store = createMemoryStore({ maxKeys: 10, now: () => 0 });
  await store.take([check({ key: 'kept', cost: 5 })]);
  for (let key = 0; key < 100; key += 1)
    await store.take([check({ key: String(key), policy: { ...policy, name: 'other' } })]);
  const [kept] = await store.take([check({ key: 'kept' })]);
  assert.equal(kept?.allowed, false);
});

test('memory store: nothing is awaited for longer than the window, at any fraction of a millisecond', async () => {
  let time = 0;
  const store = createMemoryStore({ now: () => time });
  for (let nth = 0; nth < 1000; nth += 1) {
    time = nth * 1234.567_891 + 0.1;
    const [taken] = await store.take([
      check({ key: String(nth), cost: 5, policy: { ...policy, windowMs: 60_000 } }),
    ]);
    assert.equal(taken?.resetAfterMs, 60_000);
  }
});

test('memory store: offers no more than the store that it follows, and never nothing where that has something', async () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let time = 0;
  const now = () => time;
  const followed = createMemoryStore({ now });
  const store = createMemoryStore({ now });
  for (let step = 0; step < 5000; step += 1) {
    time += random(10) < 8 ? random(100) : random(700);
    const asked = check({ cost: random(3) });
    const [decision] = await followed.take([asked]);
    assert.ok(decision);
    // The other checks are those of another process.
    if (random(3) > 0) continue;
    store.follow(asked, decision);
    const [look] = await store.take([check({ cost: 0 })]);
    assert.ok(look && look.remaining <= decision.remaining, `step ${String(step)}`);
    assert.equal(look.allowed, decision.remaining > 0, `step ${String(step)}`);
  }
});
