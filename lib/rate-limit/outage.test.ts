/** What callers notice when Redis or the REST endpoint goes away under load: nothing. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
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
import type { Policy, SharedStore } from './store.ts';

/** Twice what a store has by itself: a machine that is busy with other things is not to be taken for a store that is away. */
const deadlineMs = 500;
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
    'Redis is slow': { strike: () => (slowness = 2 * deadlineMs), mend: () => (slowness = 0) },
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
      const processes = [await openProcess(way), await openProcess(way)];
      const load = startLoad(processes.map(({ store }) => store));
      await load.until((decisions) => decisions.filter(({ degraded }) => !degraded).length >= 50);
      for (const process of processes) process.asked = 0;
      await strike();
      const before = load.decisions.length;
      await load.until(
        (decisions) => decisions.slice(before).filter(({ degraded }) => degraded).length >= 400,
      );
      const waited = processes.reduce((sum, { asked }) => sum + asked, 0);
      const during = load.decisions.slice(before);
      await mend();
      const mendedAt = performance.now();
      await load.until(() => processes.every(({ store }) => !store.state().degraded));
      const recoveredAfter = performance.now() - mendedAt;

      // Who waited for an answer that did not come was under way in the first deadline. None of the many after it did.
      assert.ok(waited < during.length / 2, `${String(waited)} of ${String(during.length)} waited`);
      assert.equal(await passExactly(processes.map(({ store }) => store)), 10);
      await load.stop();
      for (const { close } of processes) close();
      const alone = during.filter(({ degraded }) => degraded);
      t.diagnostic(
        `before ${medianOf(load.decisions.slice(0, before))} ms, alone ${medianOf(alone)} ms, ` +
          `${String(waited)} waited, shared again after ${recoveredAfter.toFixed(0)} ms`,
      );
    });
  }

  /** What one process has: its own connection, fallback and circuit. */
  async function openProcess(way: 'REST' | 'RESP'): Promise<Process> {
    const log = createLog({ write: () => undefined });
    const requester =
      way === 'REST'
        ? createCoalescedRequester(endpoint)
        : await createRespRequester({ target: { url: `redis://127.0.0.1:${String(server.port)}` }, log });
    const inner = createRedisStore({ redis: new Redis(requester), secret: 'shared by all' });
    const shared: SharedStore = {
      ...inner,
      take: async (checks) => {
        if (checks.some((check) => 'key' in check && check.key === 'load')) opened.asked += 1;
        if (slowness > 0) await sleep(slowness);
        return inner.take(checks);
      },
    };
    const store = createResilientStore({ shared, log, deadlineMs });
    const opened: Process = { store, asked: 0, close: requester.close };
    return opened;
  }
});

interface Process {
  readonly store: ResilientStore;
  /** How many checks of the load the shared store was asked for. */
  asked: number;
  readonly close: () => void;
}

interface TimedDecision {
  readonly took: number;
  readonly degraded: boolean;
}

function startLoad(stores: readonly ResilientStore[]) {
  const wide: Policy = { ...policy, name: 'wide', limit: 100_000 };
  const asked: Promise<void>[] = [];
  const decisions: TimedDecision[] = [];
  const events = new EventEmitter();
  const decide = async (store: ResilientStore): Promise<void> => {
    const startedAt = performance.now();
    const [decision] = await store.take([{ policy: wide, key: 'load', id: crypto.randomUUID() }]);
    decisions.push({ took: performance.now() - startedAt, degraded: decision?.degraded !== undefined });
    events.emit('decision');
  };
  const timer = setInterval(() => void asked.push(...stores.map(decide)), 10);
  return {
    /** In the order in which they were made. */
    decisions,
    until: async (isEnough: (decisions: readonly TimedDecision[]) => boolean): Promise<void> => {
      while (!isEnough(decisions)) await once(events, 'decision');
    },
    /** Rejects if any check did. */
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await Promise.all(asked);
    },
  };
}

/** How many of 20 checks in each process pass at a limit of ten; once more where the machine was too busy to ask in time. */
async function passExactly(stores: readonly ResilientStore[]): Promise<number> {
  for (;;) {
    const key = crypto.randomUUID();
    const asked = stores.map((store) =>
      store.take(Array.from({ length: 20 }, () => ({ policy, key, id: crypto.randomUUID() }))),
    );
    const decisions = (await Promise.all(asked)).flat();
    if (decisions.every(({ degraded }) => !degraded))
      return decisions.filter(({ allowed }) => allowed).length;
  }
}

function medianOf(decisions: readonly TimedDecision[]): string {
  const sorted = decisions.map(({ took }) => took).sort((a, b) => a - b);
  return (sorted[sorted.length >> 1] ?? Number.NaN).toFixed(2);
}
