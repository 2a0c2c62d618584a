/** What callers notice when Redis or the REST endpoint goes away under load: nothing. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { after, before, describe } from 'node:test';
import { Redis } from '@upstash/redis';
import { createCoalescedRequester } from '../../hosts/node/redis/coalesced-requester.ts';
import { createRespRequester } from '../../hosts/node/redis/resp-requester.ts';
import { startRedis, withoutRedis } from '../../test/support/redis-server.ts';
import type { RedisServer } from '../../test/support/redis-server.ts';
import { startRestProcess } from '../../test/support/redis-rest-server.ts';
import type { RestProcess } from '../../test/support/redis-rest-server.ts';
import { createLog } from '../core/log.ts';
import { createRedisStore } from './redis-store.ts';
import { createResilientStore } from './resilient-store.ts';
import type { ResilientStore } from './resilient-store.ts';
import type { Policy, RateLimitStore } from './store.ts';

const deadlineMs = 250;
const policy: Policy = {
  name: 'ten',
  limit: 10,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
};

describe('outage', { skip: withoutRedis }, () => {
  let server: RedisServer;
  let endpoint: RestProcess;
  let slowness = 0;

  before(async () => {
    server = await startRedis();
    endpoint = await startRestProcess(server.port);
  });
  after(async () => {
    await endpoint.close();
    await server.close();
  });

  const faults = {
    'Redis is killed': { strike: () => server.kill(), mend: () => server.start() },
    'Redis hangs': {
      strike: () => {
        server.hang();
      },
      mend: () => {
        server.resume();
      },
    },
    'Redis is slow': { strike: () => (slowness = 400), mend: () => (slowness = 0) },
    'the REST endpoint is killed': { strike: () => endpoint.kill(), mend: () => endpoint.start() },
  };

  for (const [name, way] of [
    ['Redis is killed', 'REST'],
    ['Redis is killed', 'RESP'],
    ['Redis hangs', 'REST'],
    ['Redis hangs', 'RESP'],
    ['Redis is slow', 'REST'],
    ['the REST endpoint is killed', 'REST'],
  ] as const) {
    const { strike, mend } = faults[name];
    test(`${name} under 200 checks a second over ${way}: none fails, and exactness comes back`, async (t) => {
      const [here, elsewhere] = [await openProcess(way), await openProcess(way)];
      const load = startLoad([here.store, elsewhere.store]);
      await sleep(500);
      await strike();
      const struckAt = performance.now();
      await sleep(1500);
      await mend();
      const mendedAt = performance.now();
      while (here.store.state().degraded || elsewhere.store.state().degraded) await sleep(10);
      const recoveredAfter = performance.now() - mendedAt;

      const asked = Array.from({ length: 20 }, () => ({ policy, key: name + way, id: crypto.randomUUID() }));
      const answers = await Promise.all([
        here.store.take(asked),
        elsewhere.store.take(asked.map((check) => ({ ...check, id: crypto.randomUUID() }))),
      ]);
      const decisions = await load.stop();
      here.close();
      elsewhere.close();

      const before = decisions.filter(({ startedAt }) => startedAt < struckAt);
      const during = decisions.filter(({ startedAt }) => startedAt >= struckAt && startedAt < mendedAt);
      const settled = during.filter(({ startedAt }) => startedAt > struckAt + 2 * deadlineMs);
      const slowest = Math.max(...during.map(({ took }) => took));
      t.diagnostic(
        `before ${medianOf(before)} ms, during ${medianOf(settled)} ms, slowest ${slowest.toFixed(0)} ms, ` +
          `${String(settled.length)} decided alone, exact again after ${recoveredAfter.toFixed(0)} ms`,
      );
      assert.ok(slowest < deadlineMs + 100, `the slowest took ${String(slowest)} ms`);
      assert.ok(settled.length > 100 && settled.every(({ degraded }) => degraded));
      assert.ok(Number(medianOf(settled)) < Number(medianOf(before)) + 1);
      assert.ok(recoveredAfter < 2000);
      assert.equal(answers.flat().filter(({ allowed }) => allowed).length, 10);
    });
  }

  /** What one process has: its own connection, stand-in and circuit. */
  async function openProcess(way: 'REST' | 'RESP'): Promise<{ store: ResilientStore; close: () => void }> {
    const log = createLog({ write: () => undefined });
    const requester =
      way === 'REST'
        ? createCoalescedRequester(endpoint)
        : await createRespRequester({ target: { url: `redis://127.0.0.1:${String(server.port)}` }, log });
    const store = createRedisStore({ redis: new Redis(requester), secret: 'shared by all' });
    const shared: RateLimitStore = {
      ...store,
      take: async (checks) => {
        if (slowness > 0) await sleep(slowness);
        return store.take(checks);
      },
    };
    return { store: createResilientStore({ shared, log, deadlineMs }), close: requester.close };
  }
});

interface Decision {
  readonly startedAt: number;
  readonly took: number;
  readonly degraded: boolean;
}

function startLoad(stores: readonly ResilientStore[]): { stop: () => Promise<Decision[]> } {
  const wide: Policy = { ...policy, name: 'wide', limit: 100_000 };
  const asked: Promise<Decision>[] = [];
  const decide = async (store: ResilientStore): Promise<Decision> => {
    const startedAt = performance.now();
    const [verdict] = await store.take([{ policy: wide, key: 'load', id: crypto.randomUUID() }]);
    return { startedAt, took: performance.now() - startedAt, degraded: verdict?.degraded !== undefined };
  };
  const timer = setInterval(() => void asked.push(...stores.map(decide)), 10);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.all(asked);
    },
  };
}

function medianOf(decisions: readonly Decision[]): string {
  const sorted = decisions.map(({ took }) => took).sort((a, b) => a - b);
  return (sorted[sorted.length >> 1] ?? Number.NaN).toFixed(2);
}
