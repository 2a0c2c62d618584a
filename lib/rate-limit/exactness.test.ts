/** The promise itself, against a real Redis: never more than the limit in any window, and never fewer. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import test, { after, before, describe } from 'node:test';
import type { Redis } from '@upstash/redis';
import { Ratelimit } from '@upstash/ratelimit';
import { createClockedRedisStore } from '../../test/support/clocked-redis-store.ts';
import { withoutRedis } from '../../test/support/redis-server.ts';
import type { RedisRestServer } from '../../test/support/redis-rest-server.ts';
import { startRestRedis } from '../../test/support/rest-redis.ts';
import type { Policy } from './store.ts';

const windowMs = 60_000;
const policyOf = (limit: number): Policy => ({
  name: `p${String(limit)}`,
  limit,
  windowMs,
  keyedBy: 'address',
  onStoreFailure: 'local',
});

describe('exactness', { skip: withoutRedis }, () => {
  let endpoint: RedisRestServer;
  let redis: Redis;
  let close: () => Promise<void>;

  before(async () => {
    ({ endpoint, redis, close } = await startRestRedis());
  });
  after(() => close());

  for (const limit of [1, 10, 100]) {
    test(`the log of limit ${String(limit)} decides random arrivals exactly as a list of times`, async () => {
      const { store, advance, now } = createClockedRedisStore(redis);
      const random = createRandom(limit);
      const admitted: number[] = [];
      for (let step = 0; step < 600; step += 1) {
        advance(arrival(random, limit));
        const cost = 1 + Math.floor(random() ** 8 * Math.min(limit, 5));
        const used = admitted.filter((time) => time > now() - windowMs).length;
        const [decision] = await store.take([
          { policy: policyOf(limit), key: 'a', id: crypto.randomUUID(), cost },
        ]);
        assert.equal(decision?.allowed, used + cost <= limit, `step ${String(step)}, used ${String(used)}`);
        if (decision.allowed) for (let unit = 0; unit < cost; unit += 1) admitted.push(now());
      }
      assert.equal(mostInAnyWindow(admitted), limit);
    });
  }

  test('a log of limit 200, full now and then, never lets too many pass, and frees each unit late by a 32nd at most', async () => {
    const { store, advance, now } = createClockedRedisStore(redis);
    const random = createRandom(200);
    const admitted: number[] = [];
    for (let step = 0; step < 1200; step += 1) {
      advance(arrival(random, 200));
      const lately = admitted.filter((time) => time > now() - windowMs * (33 / 32)).length;
      const [decision] = await store.take([{ policy: policyOf(200), key: 'a', id: crypto.randomUUID() }]);
      if (decision?.allowed) admitted.push(now());
      else assert.ok(lately >= 200, `step ${String(step)} was denied with ${String(lately)} taken`);
    }
    assert.equal(mostInAnyWindow(admitted), 200);
  });

  test('a burst at the end of a window and a flood after it: 100 of ours pass, twice as many of the peer', async (t) => {
    // The peer takes the time from its client, so this process' date moves along.
    t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_040_000 });
    const peer = new Ratelimit({
      redis,
      limiter: Ratelimit.slidingWindow(100, '60 s'),
      ephemeralCache: false,
      prefix: 'peer',
    });
    const { store, advance, now } = createClockedRedisStore(redis);
    const ours: number[] = [];
    const theirs: number[] = [];
    const step = async (milliseconds: number): Promise<void> => {
      advance(milliseconds);
      t.mock.timers.setTime(1_700_000_040_000 + now());
      const [decision] = await store.take([{ policy: policyOf(100), key: 'flood', id: crypto.randomUUID() }]);
      if (decision?.allowed) ours.push(now());
      if ((await peer.limit('flood')).success) theirs.push(now());
    };
    await step(59_900);
    for (let burst = 1; burst < 100; burst += 1) await step(0);
    for (let flood = 0; flood < 1198; flood += 1) await step(50);
    t.diagnostic(
      `most in any window: ours ${String(mostInAnyWindow(ours))}, peer ${String(mostInAnyWindow(theirs))}`,
    );
    assert.equal(mostInAnyWindow(ours), 100);
    assert.ok(mostInAnyWindow(theirs) >= 199);
  });

  test('1,000 checks of one key from four processes with clocks a minute apart: exactly 100 pass', async () => {
    const workers = await Promise.all(
      [0, 60_000, 120_000, 180_000].map(async (skewMs) => {
        const path = fileURLToPath(new URL('../../test/support/parallel-checks.ts', import.meta.url));
        const args = ['--import', 'tsx', path, endpoint.url, endpoint.token, String(skewMs), '250'];
        const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
        const lines = createInterface(child.stdout);
        await once(lines, 'line');
        return { child, lines };
      }),
    );
    const counts = await Promise.all(
      workers.map(async ({ child, lines }) => {
        const answered = once(lines, 'line');
        child.stdin.write('go\n');
        const [count] = (await answered) as [string];
        return Number(count);
      }),
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      100,
      counts.join(' + '),
    );
  });
});

// Bursts, a steady stream about the limit's pace, and pauses.
function arrival(random: () => number, limit: number): number {
  const kind = random();
  if (kind < 0.5) return Math.floor(random() * 3);
  return Math.floor((random() * (kind < 0.98 ? 2 : 40) * windowMs) / limit);
}

function mostInAnyWindow(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? 0) <= time - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function createRandom(seed: number): () => number {
  let state = seed + 42;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
