/** The promise of the limiter, over arrivals that nobody would think of: for the stores that count, not for what stands before them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { StoreUnderTest } from './store.contract.ts';
import type { Check, Decision, Policy } from './store.ts';

const policy = {
  name: 'exact',
  limit: 1,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const satisfies Policy;

export function exactContract(name: string, open: () => Promise<StoreUnderTest>): void {
  for (const limit of [1, 7, 100]) {
    test(`${name}: answers as a plain list of times would, over random arrivals, costs, repeats and refunds (limit ${String(limit)})`, async () => {
      const { store, advance } = await open();
      const random = createRandom(limit);
      const model = new ListOfTimes({ ...policy, limit });
      const ask = (more: { id: string; cost?: number }): Check => ({
        policy: { ...policy, limit },
        key: 'a',
        ...more,
      });
      for (let step = 0; step < 300; step += 1) {
        const milliseconds = random(10) < 8 ? random(4) : random(random(10) < 9 ? 120_000 / limit : 90_000);
        advance(milliseconds);
        model.advance(milliseconds);
        const known = model.entries[random(model.entries.length)];
        const kind = random(12);
        if (kind === 0) {
          const id = known?.id ?? 'of nobody';
          await store.refund(ask({ id }));
          model.refund(id);
        } else {
          const id = kind === 1 && known ? known.id : crypto.randomUUID();
          const cost = kind === 2 ? 0 : random(6) === 0 ? 1 + random(Math.min(limit, 5)) : 1;
          const [decision] = await store.take([ask({ id, cost })]);
          assert.deepEqual(decision, model.take(id, cost), `step ${String(step)}`);
        }
      }
    });
  }
}

/** What is promised, in as few words as possible: a list of what was taken when. */
class ListOfTimes {
  entries: readonly { readonly id: string; readonly time: number; readonly cost: number }[] = [];
  readonly #limit: number;
  readonly #windowMs: number;
  #now = 0;

  constructor({ limit, windowMs }: Pick<Policy, 'limit' | 'windowMs'>) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    this.entries = this.entries.filter(({ time }) => this.#now < time + this.#windowMs);
  }

  take(id: string, cost: number): Decision {
    const isRepeated = cost > 0 && this.entries.some((entry) => entry.id === id);
    const missing = this.#used + Math.max(cost, 1) - this.#limit;
    const allowed = isRepeated || missing <= 0;
    if (allowed && !isRepeated && cost > 0) this.entries = [...this.entries, { id, time: this.#now, cost }];
    return {
      allowed,
      remaining: this.#limit - this.#used,
      resetAfterMs: this.#used === 0 ? 0 : this.#untilFree(1),
      retryAfterMs: allowed ? 0 : this.#untilFree(missing),
    };
  }

  refund(id: string): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }

  get #used(): number {
    return this.entries.reduce((sum, { cost }) => sum + cost, 0);
  }

  #untilFree(units: number): number {
    const times = this.entries.flatMap(({ time, cost }) => Array.from({ length: cost }, () => time));
    return (times[units - 1] ?? 0) + this.#windowMs - this.#now;
  }
}

/** The same numbers at each run: whole, and below `below`. */
function createRandom(seed: number): (below: number) => number {
  let state = seed + 42;
  return (below) => Math.floor(((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647) * below);
}
