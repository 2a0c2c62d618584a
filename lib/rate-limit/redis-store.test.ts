import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import type { Redis } from '@upstash/redis';
import { startRedis, withoutRedis } from '../../test/redis-server.ts';
import type { RedisServer } from '../../test/redis-server.ts';
import { startRestDoor } from '../../test/rest-door.ts';
import type { RestDoor } from '../../test/rest-door.ts';
import { createRedisStore } from './redis-store.ts';
import { slidingWindow } from './sliding-window.lua.ts';
import type { Check, RateLimitStore } from './store.ts';
import { storeContract } from './store.contract.ts';
import { createUpstashRedis } from './upstash-redis.ts';

const secret = 'thirty-two bytes for the keys of';
const policy = {
  name: 'log',
  limit: 5,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const;
const large = { ...policy, name: 'large', limit: 1000 } as const;
const check = (more: Partial<Check> = {}): Check => ({ policy, key: 'a', id: crypto.randomUUID(), ...more });

describe('redis store', { skip: withoutRedis }, () => {
  let server: RedisServer;
  let door: RestDoor;
  let redis: Redis;
  let store: RateLimitStore;

  before(async () => {
    server = await startRedis();
    door = await startRestDoor(server.port);
    redis = createUpstashRedis({ ...door, deadlineMs: 5000 });
    store = createRedisStore({ redis, secret });
  });
  after(async () => {
    await door.close();
    await server.close();
  });

  // The one line that asks Redis for the time reads a key instead, in the same form.
  const movable = slidingWindow.replace(
    "redis.call('TIME')",
    "redis.call('HMGET', 'clock', 'seconds', 'micros')",
  );

  storeContract('redis store', async () => {
    let time = 1_700_000_000_000;
    const inner = createRedisStore({ redis, secret: crypto.randomUUID(), script: movable });
    const told = async (): Promise<unknown> =>
      redis.hset('clock', { seconds: Math.floor(time / 1000), micros: (time % 1000) * 1000 });
    return {
      advance: (milliseconds) => void (time += milliseconds),
      store: {
        ...inner,
        take: async (checks) => {
          await told();
          return inner.take(checks);
        },
      },
    };
  });

  test('all policies of a request travel in one pipeline, after the script is known', async () => {
    let pipelines = 0;
    const counted = createRedisStore({
      secret,
      redis: {
        pipeline: () => {
          pipelines += 1;
          return redis.pipeline();
        },
      },
    });
    await redis.scriptFlush();
    const checks = [check({ key: 'one' }), check({ key: 'two', policy: large })];
    assert.deepEqual(
      (await counted.take(checks)).map(({ remaining }) => remaining),
      [4, 999],
    );
    assert.equal(pipelines, 2, 'EVALSHA, and EVAL after NOSCRIPT');
    assert.deepEqual(
      (await counted.take(checks)).map(({ remaining }) => remaining),
      [4, 999],
    );
    assert.equal(pipelines, 3);
    assert.deepEqual(await counted.take([]), []);
    assert.equal(pipelines, 3);
  });

  for (const form of [policy, large]) {
    const lasting = form.windowMs * (form === large ? 33 / 32 : 1);

    test(`${form.name}: the key outlives what it counts by a second, after the first and the n-th hit`, async () => {
      const key = crypto.randomUUID();
      await redis.flushdb();
      for (let hit = 1; hit <= 3; hit += 1) {
        await store.take([check({ key, policy: form })]);
        const name = await only(redis.keys(`rl:${form.name}:*`));
        const left = await redis.pttl(name);
        assert.ok(left > lasting && left <= lasting + 1001, `hit ${String(hit)}: ${String(left)} ms`);
        await redis.persist(name);
      }
    });

    test(`${form.name}: what is denied, looked at or repeated writes nothing`, async () => {
      const key = crypto.randomUUID();
      const contents = async (name: string): Promise<string> =>
        JSON.stringify(
          await (form === large ? redis.hgetall(name) : redis.zrange(name, 0, -1, { withScores: true })),
        );
      await redis.flushdb();
      const first = check({ key, policy: form, cost: 4 });
      await store.take([first]);
      const name = await only(redis.keys(`rl:${form.name}:*`));
      await redis.persist(name);
      const written = await contents(name);
      const [denied] = await store.take([check({ key, policy: form, cost: form.limit })]);
      await store.take([check({ key, policy: form, cost: 0 }), first]);
      assert.equal(denied?.allowed, false);
      assert.equal(denied.remaining, form.limit - 4);
      assert.equal(await contents(name), written);
      assert.equal(await redis.pttl(name), -1);
    });

    test(`${form.name}: a repeated id is charged once and a refund gives it back once`, async () => {
      const key = crypto.randomUUID();
      const first = check({ key, policy: form, cost: 3 });
      const remaining = async (): Promise<number | undefined> =>
        (await store.take([check({ key, policy: form, cost: 0 })]))[0]?.remaining;
      await store.take([check({ key, policy: form }), first]);
      await store.take([first]);
      assert.equal(await remaining(), form.limit - 4);
      await store.refund(first);
      await store.refund(first);
      await store.refund(check({ key, policy: form }));
      assert.equal(await remaining(), form.limit - 1);
      await store.reset(form, key);
      assert.equal(await remaining(), form.limit);
    });
  }

  test('no address and no mail address stands in Redis, and another secret finds nothing', async () => {
    await store.take([check({ key: 'ada@example.com' }), check({ key: '192.0.2.1', policy: large })]);
    const names = await redis.keys('*');
    assert.ok(names.every((name) => !/ada|192/.test(name)));
    const other = createRedisStore({ redis, secret: 'another' });
    assert.equal((await other.take([check({ key: 'ada@example.com' })]))[0]?.remaining, 4);
  });

  test('a failure rejects, and its error repeats neither the script nor the keys', async () => {
    const wrong = createRedisStore({ redis: createUpstashRedis({ ...door, token: 'wrong' }), secret });
    const away = createRedisStore({
      redis: createUpstashRedis({ ...door, url: 'http://127.0.0.1:1' }),
      secret,
    });
    const broken = createRedisStore({ redis, secret, script: 'return redis.call("NO", KEYS[1], ARGV[3])' });
    const senseless = createRedisStore({ redis, secret, script: 'return { 1, 2 }' });
    for (const [failing, message] of [
      [wrong, /could not be asked: (WRONGPASS|ERR|Unauthorized)/],
      [away, /could not be asked: (ECONNREFUSED|fetch failed|bad port)/],
      [broken, /could not be asked: ERR/],
      [senseless, /something else than a verdict/],
    ] as const) {
      const asked = check({ key: 'secret-key' });
      await assert.rejects(failing.take([asked]), (error: Error) => {
        assert.match(error.message, message);
        assert.equal(error.cause, undefined);
        return !/evalsha|rl:/.test(String(error.stack).split('\n', 1)[0] ?? '');
      });
    }
  });
});

async function only(names: Promise<string[]>): Promise<string> {
  const [name, ...others] = await names;
  assert.ok(name !== undefined && others.length === 0);
  return name;
}
