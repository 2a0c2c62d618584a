/** What a pause of Redis lets pass: the limit and what was under way, however long it is. */
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { after, before, describe } from 'node:test';
import { Redis } from '@upstash/redis';
import { createRespRequester } from '../../hosts/node/redis/resp-requester.ts';
import { createClockedRedisStore } from '../../test/support/clocked-redis-store.ts';
import { startRedis, withoutRedis } from '../../test/support/redis-server.ts';
import type { RedisServer } from '../../test/support/redis-server.ts';
import { createLog } from '../core/log.ts';
import { createResilientStore } from './resilient-store.ts';
import type { ResilientStore } from './resilient-store.ts';
import type { Policy } from './store.ts';

const policy: Policy = {
  name: 'hundred',
  limit: 100,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
};

describe('a pause of Redis', { skip: withoutRedis }, () => {
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
  });
  after(() => server.close());

  for (const pauseMs of [300, 3000, 30_000]) {
    test(`${String(pauseMs)} ms: two processes together let no more than the limit pass in the window`, async () => {
      const epoch = crypto.randomUUID();
      const processes = [await openProcess(epoch), await openProcess(epoch)];
      const key = String(pauseMs);
      /** Asks both at once, so many times one after the other; how many were let in. */
      const ask = async (times: number): Promise<number> => {
        let allowed = 0;
        for (let time = 0; time < times; time += 1) {
          const answers = await Promise.all(
            processes.map(({ store }) => store.take([{ policy, key, id: crypto.randomUUID() }])),
          );
          allowed += answers.flat().filter((decision) => decision.allowed).length;
        }
        return allowed;
      };

      let allowed = await ask(20);
      assert.equal(allowed, 40);
      server.hang();
      allowed += await ask(11);
      assert.equal(allowed, 62, 'what is left goes on to be let in');
      for (const { advance } of processes) advance(pauseMs);
      allowed += await ask(200);
      server.resume();
      // A connection that was given up meanwhile comes back beside this.
      for (const { store } of processes)
        for (; store.state().degraded; await nextTurn()) await store.probe().catch(() => undefined);
      allowed += await ask(200);
      // Each may have heard of its last unit before the other took one more.
      assert.ok(allowed >= 100 && allowed <= 100 + processes.length, `${String(allowed)} of 100`);

      for (const { advance } of processes) advance(policy.windowMs);
      assert.equal(await ask(200), 100, 'and no less than the limit in the next window');
      for (const { close } of processes) close();
    });
  }

  /** What one process has: its own connection, log and circuit. The clocks are moved together. */
  async function openProcess(secret: string): Promise<{
    readonly store: ResilientStore;
    readonly advance: (milliseconds: number) => void;
    readonly close: () => void;
  }> {
    const log = createLog({ write: () => undefined });
    const requester = await createRespRequester({
      target: { url: `redis://127.0.0.1:${String(server.port)}` },
      log,
    });
    const { store, advance, now } = createClockedRedisStore(new Redis(requester), { secret });
    return {
      store: createResilientStore({ shared: store, log, deadlineMs: 1000, now }),
      advance,
      close: requester.close,
    };
  }
});
